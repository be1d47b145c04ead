using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Users;

namespace Lms.Grains.Infrastructure;

/// <summary>What every stored state has: who did what and when, and which commands it has seen.</summary>
/// <remarks>States only ever grow: members are added last, never renamed and never removed.</remarks>
[GenerateSerializer, Alias("lms.state")]
internal abstract record State
{
    [Id(0)] public int SchemaVersion { get; init; } = 1;

    [Id(1)] public DateTimeOffset? CreatedAt { get; init; }

    [Id(2)] public UserId? CreatedBy { get; init; }

    [Id(3)] public DateTimeOffset? ChangedAt { get; init; }

    [Id(4)] public UserId? ChangedBy { get; init; }

    [Id(5)] public RememberedOperation[] Operations { get; init; } = [];
}

/// <summary>A command that a state has seen.</summary>
/// <param name="Id">The operation id of the command.</param>
/// <param name="At">When it was carried out.</param>
/// <param name="Outcome">What it made, where the state itself does not tell.</param>
[GenerateSerializer, Immutable, Alias("lms.remembered-operation")]
internal sealed record RememberedOperation(Guid Id, DateTimeOffset At, string? Outcome = null);

internal static class StateExtensions
{
    /// <summary>At least so many operations are remembered, however old.</summary>
    public const int RememberedAtLeast = 32;

    /// <summary>Every operation is remembered for so long: longer than any retry lasts.</summary>
    public static readonly TimeSpan RememberedFor = TimeSpan.FromMinutes(10);

    extension(State state)
    {
        /// <summary>The command was carried out before; this one is a repeat.</summary>
        public bool Knows(Operation operation) => state.Remembered(operation) is not null;

        public RememberedOperation? Remembered(Operation operation) =>
            Array.Find(state.Operations, known => known.Id == operation.Id);
    }

    extension<TState>(TState state) where TState : State
    {
        /// <summary>Writes into the state who did what and when. The last step of every rule that accepts.</summary>
        public TState Stamped(Operation operation, DateTimeOffset now, string? outcome = null)
        {
            var known = state.Operations.Where((known, index) =>
                known.Id != operation.Id
                && (index >= state.Operations.Length + 1 - RememberedAtLeast || now - known.At < RememberedFor));
            return (TState)(state with
            {
                CreatedAt = state.CreatedAt ?? now,
                CreatedBy = state.CreatedAt is null ? operation.By : state.CreatedBy,
                ChangedAt = now,
                ChangedBy = operation.By,
                Operations = [.. known, new(operation.Id, now, outcome)],
            });
        }
    }
}
