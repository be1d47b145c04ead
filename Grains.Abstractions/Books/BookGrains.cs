namespace Lms.Grains.Abstractions.Books;

/// <summary>How books are addressed. The only place that knows what their grain keys look like.</summary>
public static class BookGrains
{
    // A prefixed key cannot be read as a number by storage, nor share a row with another service.
    public const string Prefix = "isbn:";

    public const string LocalPrefix = "localnumber:";

    extension(IGrainFactory grains)
    {
        public IBookGrain Book(Isbn isbn) => grains.GetGrain<IBookGrain>($"{Prefix}{isbn}");

        /// <param name="record">What stands for the record, as the import makes it.</param>
        public ILocalNumberGrain LocalNumber(string record) =>
            grains.GetGrain<ILocalNumberGrain>($"{LocalPrefix}{record}");
    }

    extension(IBookGrain grain)
    {
        public Isbn Isbn => Isbn.Of(grain.GetPrimaryKeyString()[Prefix.Length..]);
    }
}
