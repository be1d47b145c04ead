using Lms.Grains.Abstractions.Sequences;
using Lms.Grains.Infrastructure;
using Lms.Grains.Verification;

namespace Lms.Grains.Sequences;

[GenerateSerializer, Alias("lms.sequence-state")]
internal sealed record SequenceState : State, ICompared<SequenceState>
{
    public const string Name = "sequence";

    /// <summary>The highest number that may have been given out.</summary>
    [Id(0)] public int Reserved { get; init; }

    static string ICompared<SequenceState>.StateName => Name;

    public static void Tell(Facts facts, string key, SequenceState state, DateTimeOffset writtenAt) =>
        facts.Sequences.Add(new(key, state.Reserved, writtenAt));
}

internal sealed class SequenceGrain(
    [PersistentState(SequenceState.Name, GrainStorage.Name)] IPersistentState<SequenceState> storage,
    GrainServices services) : LibraryGrain<SequenceState>(storage, services), ISequenceGrain
{
    /// <summary>Numbers reserved by one write: what a crash may leave as a gap.</summary>
    public const int Block = 20;

    private int _given;
    private bool _isDoubtful;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _given = State.Reserved;
        return Task.CompletedTask;
    }

    public async Task<int> NextAsync(CancellationToken cancellationToken)
    {
        if (_given == State.Reserved)
        {
            await ReserveAsync(_given + Block, cancellationToken);
        }

        return ++_given;
    }

    public async Task AdvanceToAsync(int number, CancellationToken cancellationToken)
    {
        if (number > State.Reserved)
        {
            await ReserveAsync(number, cancellationToken);
        }

        _given = Math.Max(_given, number);
    }

    /// <summary>Gives the unused rest of the block back, so that an orderly stop leaves no gap.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (!_isDoubtful && _given < State.Reserved)
        {
            await CommitAsync(State with { Reserved = _given }, cancellationToken);
        }
    }

    private async Task ReserveAsync(int upTo, CancellationToken cancellationToken)
    {
        _isDoubtful = true;
        await CommitAsync(State with { Reserved = upTo }, cancellationToken);
        _isDoubtful = false;
    }
}
