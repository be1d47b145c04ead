using Lms.ReadModel.Infrastructure;

namespace Lms.Grains.Infrastructure;

/// <summary>A state that the read model shows.</summary>
internal interface IProjected<TState> where TState : State, IProjected<TState>
{
    /// <summary>The name under which states of this kind are stored.</summary>
    static abstract string StateName { get; }

    /// <summary>The row of the read model for this state; null while there is nothing to show.</summary>
    /// <param name="key">The grain's key.</param>
    /// <param name="rowVersion">The storage version that the state was written as.</param>
    /// <param name="state">The state.</param>
    static abstract Projection? Project(string key, long rowVersion, TState state);
}
