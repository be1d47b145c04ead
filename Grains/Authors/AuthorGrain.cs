using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Infrastructure;
using Orleans.Concurrency;

namespace Lms.Grains.Authors;

internal sealed class AuthorGrain(
    [PersistentState(AuthorState.Name, GrainStorage.Name)] IPersistentState<AuthorState> storage,
    GrainServices services) : LibraryGrain<AuthorState>(storage, services), IAuthorGrain
{
    private bool _isImporting;

    public async Task<Result<Author>> CreateAsync(CreateAuthor command, CancellationToken cancellationToken)
    {
        _isImporting = command.IsImported;
        try
        {
            return await DecideAsync(AuthorRules.Create(State, this.Number, command, Now), cancellationToken);
        }
        finally
        {
            _isImporting = false;
            if (command.IsImported)
            {
                // The authors of a catalogue do not fit into memory: who asks for one brings him back.
                DeactivateOnIdle();
            }
        }
    }

    public Task<Result<Author>> ChangeAsync(ChangeAuthor command, CancellationToken cancellationToken) =>
        DecideAsync(AuthorRules.Change(State, this.Number, command, Now), cancellationToken);

    public Task<Result<Author>> RemovePhotoAsync(Operation operation, CancellationToken cancellationToken) =>
        DecideAsync(AuthorRules.RemovePhoto(State, this.Number, operation, Now), cancellationToken);

    public Task<Result<Author>> GetAsync(CancellationToken cancellationToken) =>
        Task.FromResult<Result<Author>>(State.Author is { } author ? author : AuthorRejections.Unknown(this.Number));

    // Whoever imports looks when the import is done.
    protected override bool IsListed => !_isImporting;

    protected override Projection? Project(long rowVersion) => AuthorState.Project(Key, rowVersion, State);

    private Task<Result<Author>> DecideAsync(Result<AuthorState> decision, CancellationToken cancellationToken) =>
        CommitAsync(decision, state => state.Author, cancellationToken);
}

[StatelessWorker]
internal sealed class AuthorChecksGrain : Grain, IAuthorChecksGrain
{
    public Task<Rejection?> CheckAsync(string? name, string? bio, CancellationToken cancellationToken) =>
        Task.FromResult(AuthorRules.Check(name, bio));
}
