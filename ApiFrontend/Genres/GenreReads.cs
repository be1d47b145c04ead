using Lms.ApiFrontend.Cache;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Genres;
using Lms.ReadModel.Genres;

namespace Lms.ApiFrontend.Genres;

/// <summary>Genres by name, from the grains that own them, or from who knew them last.</summary>
internal sealed class GenreReads(IGrainFactory grains, GrainCalls calls, CatalogueCache cache, GenreQueries queries)
{
    /// <summary>As the library spells it today; as books have it when there is no such genre any more.</summary>
    public async Task<string> SpellingAsync(GenreName name, CancellationToken cancellationToken) =>
        (await GetAsync(name, cancellationToken)).Value?.Spelling ?? name.Folded;

    public Task<Result<Genre>> GetAsync(GenreName name, CancellationToken cancellationToken) =>
        cache.GetAsync(SourceOf(name), cancellationToken);

    /// <summary>As its grain has it at this moment: for the answer to a write that was made before, perhaps at another gateway.</summary>
    public Task<Result<Genre>> ReloadAsync(GenreName name, CancellationToken cancellationToken) =>
        cache.ReloadAsync(SourceOf(name), cancellationToken);

    /// <summary>Changes a genre; whoever reads it here afterwards sees that.</summary>
    public async Task<Result<Genre>> WriteAsync(
        GenreName name, Func<IGenreGrain, CancellationToken, Task<Result<Genre>>> change, CancellationToken cancellationToken)
    {
        var genre = await calls.WriteAsync(grains.Genre(name), change, cancellationToken);
        if (genre.IsAccepted)
        {
            await cache.KeepAsync(SourceOf(name), genre.Value);
        }

        return genre;
    }

    private Source<Genre> SourceOf(GenreName name) => new(
        "genres",
        $"genre:{name.Folded}",
        token => calls.ReadAsync(grains.Genre(name), (grain, attempt) => grain.GetAsync(attempt), token),
        async token => await queries.FindAsync(name.Folded, token) is { } row
            ? new Genre { Name = name, Spelling = row.Name, Version = row.Version }
            : null,
        genre => genre.Version);
}
