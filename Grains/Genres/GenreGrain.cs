using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Genres;
using Lms.ReadModel.Infrastructure;

namespace Lms.Grains.Genres;

internal sealed class GenreGrain(
    [PersistentState(GenreState.Name, GrainStorage.Name)] IPersistentState<GenreState> storage,
    GenreQueries queries,
    GrainServices services) : LibraryGrain<GenreState>(storage, services), IGenreGrain
{
    public Task<Result<Genre>> CreateAsync(CreateGenre command, CancellationToken cancellationToken) =>
        DecideAsync(GenreRules.Create(State, this.Name, command, Now), cancellationToken);

    public Task<Result<Genre>> EnsureAsync(CreateGenre command, CancellationToken cancellationToken) =>
        DecideAsync(GenreRules.Ensure(State, this.Name, command, Now), cancellationToken);

    public Task<Result<Genre>> RespellAsync(RespellGenre command, CancellationToken cancellationToken) =>
        DecideAsync(GenreRules.Respell(State, this.Name, command, Now), cancellationToken);

    // The read model may lag by a book that is being added this moment. Such a book keeps its genre, like every book of
    // a retired genre would: its spelling stays. So a count that is nearly exact is enough.
    public async Task<Result<Genre>> RetireAsync(Operation operation, CancellationToken cancellationToken)
    {
        var books = await queries.BooksInGenreAsync(this.Name.Folded, cancellationToken);
        return await DecideAsync(GenreRules.Retire(State, this.Name, operation, (int)books, Now), cancellationToken);
    }

    public Task<Result<Genre>> GetAsync(CancellationToken cancellationToken) => Task.FromResult<Result<Genre>>(
        State is { Genre: { } genre, IsRetired: false } ? genre : GenreRejections.Unknown(this.Name.Folded));

    protected override Projection? Project(long rowVersion) => GenreState.Project(Key, rowVersion, State);

    private Task<Result<Genre>> DecideAsync(Result<GenreState> decision, CancellationToken cancellationToken) =>
        CommitAsync(decision, state => state.Genre, cancellationToken);
}
