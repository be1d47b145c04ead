using Lms.Grains.Abstractions;

namespace Lms.Grains.Infrastructure;

/// <summary>Keeps a silo that is cut off from its cluster from writing: the others have given its grains to somebody else.</summary>
public sealed class WriteFence
{
    private volatile bool _isClosed;

    /// <summary>Whoever knows whether the silo is still a member sets it.</summary>
    public bool IsClosed
    {
        get => _isClosed;
        set => _isClosed = value;
    }

    internal void Pass()
    {
        if (_isClosed)
        {
            throw new GrainFault(FaultKind.Unreachable, "This silo has lost its cluster and writes nothing.");
        }
    }
}
