using Lms.Grains.Abstractions.Demo;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Demo;

[GenerateSerializer, Alias("lms.demo-state")]
internal sealed record DemoState : State
{
    public const string Name = "demo";

    [Id(0)] public DateOnly? ReferenceDate { get; init; }

    [Id(1)] public bool IsComplete { get; init; }
}

internal sealed class DemoLibraryGrain(
    [PersistentState(DemoState.Name, GrainStorage.Name)] IPersistentState<DemoState> storage,
    GrainServices services) : LibraryGrain<DemoState>(storage, services), IDemoLibraryGrain
{
    public async Task<DemoProgress> BeginAsync(DateOnly today, CancellationToken cancellationToken)
    {
        if (State.ReferenceDate is null)
        {
            await CommitAsync(State with { ReferenceDate = today, CreatedAt = Now }, cancellationToken);
        }

        return new(State.ReferenceDate!.Value, State.IsComplete);
    }

    public Task CompleteAsync(CancellationToken cancellationToken) =>
        State.IsComplete
            ? Task.CompletedTask
            : CommitAsync(State with { IsComplete = true, ChangedAt = Now }, cancellationToken);
}
