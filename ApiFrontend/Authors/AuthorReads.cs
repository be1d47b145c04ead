using Lms.ApiFrontend.Cache;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.ReadModel.Authors;

namespace Lms.ApiFrontend.Authors;

/// <summary>Authors by number, from the grains that own them, or from who knew them last.</summary>
internal sealed class AuthorReads(IGrainFactory grains, GrainCalls calls, CatalogueCache cache, AuthorQueries queries)
{
    public Task<Result<Author>> GetAsync(AuthorNumber number, CancellationToken cancellationToken) =>
        cache.GetAsync(SourceOf(number), cancellationToken);

    /// <summary>As its grain has it at this moment: for the answer to a write that was made before, perhaps at another gateway.</summary>
    public Task<Result<Author>> ReloadAsync(AuthorNumber number, CancellationToken cancellationToken) =>
        cache.ReloadAsync(SourceOf(number), cancellationToken);

    /// <summary>Changes an author; whoever reads it here afterwards sees that.</summary>
    public async Task<Result<Author>> WriteAsync(
        AuthorNumber number, Func<IAuthorGrain, CancellationToken, Task<Result<Author>>> change, CancellationToken cancellationToken)
    {
        var author = await calls.WriteAsync(grains.Author(number), change, cancellationToken);
        if (author.IsAccepted)
        {
            await cache.KeepAsync(SourceOf(number), author.Value);
        }

        return author;
    }

    private Source<Author> SourceOf(AuthorNumber number) => new(
        "authors",
        $"author:{number}",
        token => calls.ReadAsync(grains.Author(number), (grain, attempt) => grain.GetAsync(attempt), token),
        async token => await queries.FindAsync(number.Value, token) is { } row ? From(row) : null,
        author => author.Version);

    private static Author From(AuthorSummary row) => new()
    {
        Number = new(row.Number),
        Name = row.Name,
        Bio = row.Bio,
        Photo = row.Photo,
        Version = row.Version,
    };
}
