using Lms.Grains.Abstractions.Operations;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Operations;

[GenerateSerializer, Alias("lms.operation-state")]
internal sealed record OperationState : State
{
    public const string Name = "operation";

    [Id(0)] public string? Fingerprint { get; init; }

    /// <summary>Until then another request performs the operation; later it has failed.</summary>
    [Id(1)] public DateTimeOffset RunningUntil { get; init; }

    [Id(2)] public string? Identity { get; init; }

    [Id(3)] public OperationOutcome? Outcome { get; init; }

    /// <summary>The request that performs the operation.</summary>
    [Id(4)] public Guid Attempt { get; init; }
}

/// <summary>What becomes of a client's key. Pure: the same state and instant give the same decision.</summary>
internal static class OperationRules
{
    public static readonly TimeSpan RememberedFor = TimeSpan.FromHours(24);

    public static (OperationProgress Progress, OperationState Next) Begin(
        OperationState state, string fingerprint, Guid attempt, DateTimeOffset now)
    {
        if (state.Fingerprint is null || now - state.CreatedAt >= RememberedFor)
        {
            return (new(OperationStage.Started), new()
            {
                Fingerprint = fingerprint,
                Attempt = attempt,
                RunningUntil = now + OperationGrains.Lease,
                CreatedAt = now,
            });
        }

        if (state.Fingerprint != fingerprint)
        {
            return (new(OperationStage.Mismatch), state);
        }

        if (state.Outcome is not null)
        {
            return (new(OperationStage.Done, state.Outcome), state);
        }

        return now < state.RunningUntil && attempt != state.Attempt
            ? (new(OperationStage.Running), state)
            : (new(OperationStage.Started), state with
            {
                Attempt = attempt,
                RunningUntil = now + OperationGrains.Lease,
            });
    }
}

internal sealed class OperationGrain(
    [PersistentState(OperationState.Name, GrainStorage.Name)] IPersistentState<OperationState> storage,
    GrainServices services) : LibraryGrain<OperationState>(storage, services), IOperationGrain
{
    public async Task<OperationProgress> BeginAsync(
        string fingerprint, Guid attempt, CancellationToken cancellationToken)
    {
        var (progress, next) = OperationRules.Begin(State, fingerprint, attempt, Now);
        await CommitAsync(next, cancellationToken);
        return progress;
    }

    public async Task<string> ReserveAsync(string identity, CancellationToken cancellationToken)
    {
        if (State.Identity is null)
        {
            await CommitAsync(State with { Identity = identity }, cancellationToken);
        }

        return State.Identity!;
    }

    public Task CompleteAsync(OperationOutcome outcome, CancellationToken cancellationToken) =>
        State.Outcome is null && State.Fingerprint is not null
            ? CommitAsync(State with { Outcome = outcome }, cancellationToken)
            : Task.CompletedTask;

    public Task AbandonAsync(CancellationToken cancellationToken) =>
        State.Outcome is null && State.Fingerprint is not null
            ? CommitAsync(State with { RunningUntil = Now }, cancellationToken)
            : Task.CompletedTask;

    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        if (State.Fingerprint is not null && Now - State.CreatedAt >= OperationRules.RememberedFor)
        {
            await ForgetStateAsync(cancellationToken);
        }
    }
}
