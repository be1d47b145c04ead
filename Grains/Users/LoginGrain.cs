using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Sequences;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Infrastructure;

namespace Lms.Grains.Users;

internal sealed class LoginGrain(
    [PersistentState(LoginState.Name, GrainStorage.Name)] IPersistentState<LoginState> storage,
    GrainServices services) : LibraryGrain<LoginState>(storage, services), ILoginGrain
{
    public async Task<RegistrationCheck> CheckAsync(RegisterUser command, CancellationToken cancellationToken) =>
        IsClaimedBy(command.Operation)
            ? new(Refusal: null, new(State.User!.Value, State.Reader))
            : new(LoginRules.Check(State, command, await ForbiddenWordsAsync(cancellationToken)), Earlier: null);

    // Claim (one write, the commit point: nothing may refuse after it), create the user, end (one write).
    public async Task<Result<Registration>> RegisterAsync(RegisterUser command, CancellationToken cancellationToken)
    {
        await ResumeAsync(cancellationToken);
        if (!IsClaimedBy(command.Operation))
        {
            if (LoginRules.Check(State, command, await ForbiddenWordsAsync(cancellationToken)) is { } refusal)
            {
                return refusal;
            }

            var id = new UserId(await GrainFactory.UserIds().NextAsync(cancellationToken));
            await CommitAsync(LoginRules.BeginRegistration(State, command, id, Now), cancellationToken);
            await ResumeAsync(cancellationToken);
        }

        return new Registration(State.User!.Value, State.Reader);
    }

    public async Task<Result<Login>> ClaimAsync(Operation operation, UserId user, CancellationToken cancellationToken)
    {
        await ResumeAsync(cancellationToken);
        return await CommitAsync(
            LoginRules.Claim(State, operation, user, Now), state => new Login(state.User!.Value), cancellationToken);
    }

    // Does not resume: the user itself asks, in its turn, so it exists already and must not be called back.
    public Task ReleaseAsync(Operation operation, Guid claim, CancellationToken cancellationToken) =>
        CommitAsync(LoginRules.Release(State, operation, claim, Now), cancellationToken);

    public async Task<Result<Login>> FindAsync(CancellationToken cancellationToken)
    {
        await ResumeAsync(cancellationToken);
        return State.User is { } user ? new Login(user) : UserRejections.LoginUnknown;
    }

    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        if (State.Registration is not { } registration)
        {
            return;
        }

        var user = new CreateUser(
            registration.Operation,
            this.Username,
            registration.FullName!.Trim(),
            registration.PasswordHash,
            registration.Roles,
            registration.Reader);
        await GrainFactory.User(State.User!.Value).CreateAsync(user, cancellationToken);
        await CommitAsync(LoginRules.FinishRegistration(State, Now), cancellationToken);
    }

    protected override Projection? Project(long rowVersion) => LoginState.Project(Key, rowVersion, State);

    private bool IsClaimedBy(Operation operation) => State.User is not null && State.Claim == operation.Id;

    private async Task<string[]> ForbiddenWordsAsync(CancellationToken cancellationToken) =>
        (await GrainFactory.ForbiddenWords().GetAsync(cancellationToken)).Words;
}

internal sealed class ForbiddenWordsGrain(
    [PersistentState(ForbiddenWordsState.Name, GrainStorage.Name)] IPersistentState<ForbiddenWordsState> storage,
    GrainServices services) : LibraryGrain<ForbiddenWordsState>(storage, services), IForbiddenWordsGrain
{
    public Task<ForbiddenWords> GetAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new ForbiddenWords(State.Words));

    public Task<Result<ForbiddenWords>> SetAsync(
        Operation operation, ForbiddenWords words, CancellationToken cancellationToken) =>
        CommitAsync(
            ForbiddenWordsRules.Set(State, operation, words, Now),
            state => new ForbiddenWords(state.Words),
            cancellationToken);
}
