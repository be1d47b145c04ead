using System.Data.Common;
using Lms.Grains.Abstractions;
using Orleans.Storage;

namespace Lms.Grains.Infrastructure;

/// <summary>Tells what storage throws from defects.</summary>
public static class StorageFaults
{
    /// <summary>What storage threw, as a fault; null for exceptions that storage does not throw.</summary>
    public static GrainFault? Of(Exception exception) => exception switch
    {
        GrainFault fault => fault,
        InconsistentStateException => new(FaultKind.Conflict, "Another activation wrote first."),
        DbException or TimeoutException or IOException => new(FaultKind.Storage, "Storage did not answer."),
        _ when Unwrap(exception) is { } inner && inner != exception => Of(inner),
        _ => null,
    };

    /// <summary>What a storage provider threw: Orleans wraps it unless it is an exception of Orleans.</summary>
    public static Exception Unwrap(Exception exception) =>
        exception.GetType() == typeof(OrleansException) && exception.InnerException is { } inner ? inner : exception;
}
