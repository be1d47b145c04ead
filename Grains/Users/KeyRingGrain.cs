using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Users;

internal sealed class KeyRingGrain(
    [PersistentState(KeyRingState.Name, GrainStorage.Name)] IPersistentState<KeyRingState> storage,
    GrainServices services) : LibraryGrain<KeyRingState>(storage, services), IKeyRingGrain
{
    public Task<KeyRing> GetAsync(CancellationToken cancellationToken) => Task.FromResult(State.Ring);

    public Task<KeyRing> EnsureAsync(SigningKey candidate, CancellationToken cancellationToken) =>
        CommitRingAsync(KeyRingRules.Ensure(State, candidate, Now), cancellationToken);

    public Task<KeyRing> RotateAsync(RotateKeys command, CancellationToken cancellationToken) =>
        CommitRingAsync(KeyRingRules.Rotate(State, command, Now), cancellationToken);

    public Task<Result<KeyRing>> RevokeAsync(RevokeKey command, CancellationToken cancellationToken) =>
        CommitAsync(KeyRingRules.Revoke(State, command, Now), state => state.Ring, cancellationToken);

    public Task<KeyRing> DropEndedAsync(TimeSpan verifyFor, CancellationToken cancellationToken) =>
        CommitRingAsync(KeyRingRules.DropEnded(State, verifyFor, Now), cancellationToken);

    private async Task<KeyRing> CommitRingAsync(KeyRingState next, CancellationToken cancellationToken)
    {
        await CommitAsync(next, cancellationToken);
        return State.Ring;
    }
}
