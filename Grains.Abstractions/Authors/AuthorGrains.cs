namespace Lms.Grains.Abstractions.Authors;

/// <summary>How authors are addressed. The only place that knows what their grain keys look like.</summary>
public static class AuthorGrains
{
    public const string Prefix = "author:";

    public const string NamePrefix = "authorname:";

    extension(IGrainFactory grains)
    {
        public IAuthorGrain Author(AuthorNumber number) => grains.GetGrain<IAuthorGrain>($"{Prefix}{number}");

        public IAuthorNameGrain AuthorName(string name) => grains.GetGrain<IAuthorNameGrain>($"{NamePrefix}{Folding.Fold(name)}");

        public IAuthorChecksGrain AuthorChecks() => grains.GetGrain<IAuthorChecksGrain>("checks:authors");
    }

    extension(IAuthorGrain grain)
    {
        public AuthorNumber Number => AuthorNumber.Of(grain.GetPrimaryKeyString()[Prefix.Length..]);
    }
}
