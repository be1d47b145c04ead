namespace Lms.Grains.Abstractions.Readers;

/// <summary>How readers are addressed. The only place that knows what their grain keys look like.</summary>
public static class ReaderGrains
{
    public const string Prefix = "reader:";

    extension(IGrainFactory grains)
    {
        public IReaderGrain Reader(ReaderNumber number) => grains.GetGrain<IReaderGrain>($"{Prefix}{number}");

        public IReaderRegistrationGrain ReaderRegistration() =>
            grains.GetGrain<IReaderRegistrationGrain>("registration:readers");
    }

    extension(IReaderGrain grain)
    {
        public ReaderNumber Number => ReaderNumber.Of(grain.GetPrimaryKeyString()[Prefix.Length..]);
    }
}
