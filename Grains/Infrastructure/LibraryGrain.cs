using System.Globalization;
using Lms.Grains.Abstractions;
using Lms.ReadModel.Infrastructure;

namespace Lms.Grains.Infrastructure;

/// <summary>A grain with one stored state. Its methods decide by rules, commit, and answer.</summary>
internal abstract class LibraryGrain<TState>(IPersistentState<TState> storage, GrainServices services) : Grain
    where TState : State
{
    protected TState State => storage.State;

    protected DateTimeOffset Now => services.Calendar.Now;

    protected DateOnly Today => services.Calendar.Today;

    protected DateOnly DayOf(DateTimeOffset instant) => services.Calendar.DayOf(instant);

    protected string Key => this.GetPrimaryKeyString();

    /// <summary>The row of the read model for the state, if it has one there.</summary>
    protected virtual Projection? Project(long rowVersion) => null;

    /// <summary>True when a list shows the state and somebody may look at once, so that a command waits until it does.</summary>
    protected virtual bool IsListed => true;

    /// <summary>Commits an accepted decision and answers it; passes a refusal on.</summary>
    /// <remarks>
    /// A grain that shortens it gives it another name: a CommitAsync of its own would be preferred for plain states too.
    /// </remarks>
    protected async Task<Result<T>> CommitAsync<T>(
        Result<TState> decision, Func<TState, T?> answer, CancellationToken cancellationToken)
        where T : class
    {
        if (!decision.IsAccepted)
        {
            return decision.Rejection;
        }

        await CommitAsync(decision.Value, cancellationToken);
        return answer(State) ?? throw new InvalidOperationException($"{Key} accepted a command and has nothing to answer.");
    }

    /// <summary>Stores <paramref name="next"/> and shows it in the read model; does nothing if it is the state already.</summary>
    protected async Task CommitAsync(TState next, CancellationToken cancellationToken)
    {
        var previous = storage.State;
        if (ReferenceEquals(next, previous))
        {
            return;
        }

        // Honoured before a write, never during one: an abandoned write leaves nobody knowing what is stored.
        cancellationToken.ThrowIfCancellationRequested();
        services.Fence.Pass();
        storage.State = next;
        try
        {
            await storage.WriteStateAsync(CancellationToken.None);
        }
        catch
        {
            // The write may or may not have reached storage, so the next activation must read the truth.
            storage.State = previous;
            DeactivateOnIdle();
            throw;
        }

        if (Project(long.Parse(storage.Etag!, CultureInfo.InvariantCulture)) is { } projection)
        {
            services.Changes.Publish(projection, State.ChangedAt ?? Now);
            var projected = services.Projector.ProjectAsync(projection, IsListed);
            if (IsListed || services.Projector.IsBehind)
            {
                await projected;
            }
        }
    }

    /// <summary>Forgets the state for good and drops the activation. Never for domain states, which only ever grow.</summary>
    protected async Task ForgetStateAsync(CancellationToken cancellationToken)
    {
        services.Fence.Pass();
        DeactivateOnIdle();
        await storage.ClearStateAsync(cancellationToken);
    }

    /// <summary>Changes the state in memory only; the next commit stores it. For what a crash may forget.</summary>
    protected void Keep(TState next) => storage.State = next;
}
