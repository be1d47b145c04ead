namespace Lms.Grains.Abstractions;

/// <summary>Something broke behind a grain. The only exception type that leaves a grain, apart from cancellation and Orleans' own.</summary>
/// <remarks>
/// Serialisable between any two releases, unlike the exceptions of a database driver. An exception of Orleans by descent,
/// because Orleans wraps every other that storage throws, and while a grain is activated nobody unwraps it.
/// </remarks>
[GenerateSerializer, Alias("lms.fault")]
public sealed class GrainFault : OrleansException
{
    public GrainFault()
    {
    }

    public GrainFault(string message)
        : base(message)
    {
    }

    public GrainFault(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public GrainFault(FaultKind kind, string message)
        : base(message) => Kind = kind;

    [Id(0)] public FaultKind Kind { get; init; }

    /// <summary>The same command with the same operation id may succeed when repeated.</summary>
    public bool IsRetryable => Kind is FaultKind.Storage or FaultKind.Conflict or FaultKind.Unreachable or FaultKind.Timeout;
}

/// <summary>Sorts of fault. Numbers cross releases; they never change.</summary>
public enum FaultKind
{
    /// <summary>A defect: repeating it will not help.</summary>
    Unexpected = 0,

    /// <summary>Storage did not answer, or not in time. Whether it wrote is unknown.</summary>
    Storage = 1,

    /// <summary>Another activation wrote first. Nothing was written.</summary>
    Conflict = 2,

    /// <summary>No grain was reached, or one that may not write. Nothing was done.</summary>
    Unreachable = 3,

    /// <summary>Another grain did not answer in time, or somebody gave up who was not the caller. What was done is unknown.</summary>
    Timeout = 4,
}
