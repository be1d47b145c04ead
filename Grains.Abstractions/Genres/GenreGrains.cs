namespace Lms.Grains.Abstractions.Genres;

/// <summary>How genres are addressed. The only place that knows what their grain keys look like.</summary>
public static class GenreGrains
{
    public const string Prefix = "genre:";

    extension(IGrainFactory grains)
    {
        public IGenreGrain Genre(GenreName name) => grains.GetGrain<IGenreGrain>($"{Prefix}{name}");
    }

    extension(IGenreGrain grain)
    {
        public GenreName Name => GenreName.Of(grain.GetPrimaryKeyString()[Prefix.Length..]);
    }
}
