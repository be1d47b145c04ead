using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Infrastructure;

namespace Lms.Grains.Lendings;

internal sealed class LendingGrain(
    [PersistentState(LendingState.Name, GrainStorage.Name)] IPersistentState<LendingState> storage,
    GrainServices services) : LibraryGrain<LendingState>(storage, services), ILendingGrain
{
    public Task<Result<Lending>> OpenAsync(OpenLending command, CancellationToken cancellationToken) =>
        CommitAsync(LendingRules.Open(State, command, Now), state => state.Lending, cancellationToken);

    public async Task<Result<Lending>> VoidAsync(Operation operation, CancellationToken cancellationToken)
    {
        await CommitAsync(LendingRules.Void(State, operation, Now), cancellationToken);
        return Answer();
    }

    public Task<Result<Lending>> CloseAsync(CloseLending command, CancellationToken cancellationToken) =>
        CommitAsync(LendingRules.Close(State, this.Number, command, Now), state => state.Lending, cancellationToken);

    public Task<Result<Lending>> GetAsync(CancellationToken cancellationToken) => Task.FromResult(Answer());

    protected override Projection? Project(long rowVersion) => LendingState.Project(Key, rowVersion, State);

    private Result<Lending> Answer() => State switch
    {
        { Lending: { } lending } => lending,
        { IsVoid: true } => LendingRejections.Void,
        _ => LendingRejections.Unknown(this.Number),
    };
}
