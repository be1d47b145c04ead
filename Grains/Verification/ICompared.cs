using Lms.Grains.Infrastructure;

namespace Lms.Grains.Verification;

/// <summary>A state that others must agree with. It tells itself what they compare.</summary>
internal interface ICompared<TState> where TState : State, ICompared<TState>
{
    /// <summary>The name under which states of this kind are stored.</summary>
    static abstract string StateName { get; }

    /// <param name="facts">Where what it says is added.</param>
    /// <param name="key">The grain's key.</param>
    /// <param name="state">The state.</param>
    /// <param name="writtenAt">When it was last written.</param>
    static abstract void Tell(Facts facts, string key, TState state, DateTimeOffset writtenAt);
}
