using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Infrastructure;

namespace Lms.Grains.Users;

internal sealed class UserGrain(
    [PersistentState(UserState.Name, GrainStorage.Name)] IPersistentState<UserState> storage,
    GrainServices services) : LibraryGrain<UserState>(storage, services), IUserGrain
{
    public Task<Result<User>> CreateAsync(CreateUser command, CancellationToken cancellationToken) =>
        CommitAsync(UserRules.Create(State, this.Id, command, Now), state => state.User, cancellationToken);

    // One write, unless the username changes: then begin (one write), claim the new name (may be refused), change (one
    // write, the commit point), release the old name, end (one write).
    public async Task<Result<User>> ChangeAsync(ChangeUser command, CancellationToken cancellationToken)
    {
        await ResumeAsync(cancellationToken);
        if (State.Knows(command.Operation))
        {
            return State.User!;
        }

        var words = command.Changes.FullName is null
            ? []
            : (await GrainFactory.ForbiddenWords().GetAsync(cancellationToken)).Words;
        if (UserRules.CheckChange(State, this.Id, command.Changes, words) is { } refusal)
        {
            return refusal;
        }

        if (command.Changes.Username is not { } username || username.Email == State.User!.Username)
        {
            await CommitAsync(UserRules.Change(State, command, Now), cancellationToken);
            return State.User!;
        }

        await CommitAsync(State with { Renaming = new(command, Now) }, cancellationToken);
        return await FinishRenamingAsync(State.Renaming!, cancellationToken) is { } taken ? taken : State.User!;
    }

    public Task<Result<User>> DisableAsync(Operation operation, CancellationToken cancellationToken) =>
        CommitAsync(UserRules.Disable(State, this.Id, operation, Now), state => state.User, cancellationToken);

    public Task RehashAsync(string oldHash, string newHash, CancellationToken cancellationToken) =>
        State.PasswordHash == oldHash
            ? CommitAsync(State with { PasswordHash = newHash }, cancellationToken)
            : Task.CompletedTask;

    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        if (State.Renaming is { } renaming)
        {
            await FinishRenamingAsync(renaming, cancellationToken);
        }
    }

    public Task<Result<User>> GetAsync(CancellationToken cancellationToken) =>
        Task.FromResult<Result<User>>(State.User is { } user ? user : UserRejections.Unknown(this.Id));

    public Task<Result<Credentials>> GetCredentialsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<Result<Credentials>>(State.User is { } user
            ? new Credentials(user, State.PasswordHash)
            : UserRejections.Unknown(this.Id));

    protected override Projection? Project(long rowVersion) => UserState.Project(Key, rowVersion, State);

    private async Task<Rejection?> FinishRenamingAsync(Renaming renaming, CancellationToken cancellationToken)
    {
        var operation = renaming.Change.Operation;
        if (renaming.OldUsername is null)
        {
            var claimed = await GrainFactory.Login(renaming.Change.Changes.Username!.Value)
                .ClaimAsync(operation, this.Id, cancellationToken);
            await CommitAsync(
                claimed.IsAccepted ? UserRules.Change(State, renaming.Change, Now) : State with { Renaming = null },
                cancellationToken);
            if (!claimed.IsAccepted)
            {
                return claimed.Rejection;
            }

            renaming = State.Renaming!;
        }

        await GrainFactory.Login(renaming.OldUsername!.Value)
            .ReleaseAsync(operation, renaming.OldClaim, cancellationToken);
        await CommitAsync(State with { Renaming = null }, cancellationToken);
        return null;
    }
}
