using System.Data.Common;
using Lms.Grains.Abstractions;
using Orleans.Runtime.Messaging;
using Polly;
using Polly.Timeout;

namespace Lms.ApiFrontend.Resilience;

/// <summary>Tells faults of the cluster, of the read model or of the way to them, from faults of our own.</summary>
internal static class GrainFaults
{
    /// <summary>Another attempt may succeed: nobody answered, or somebody answered that storage did not.</summary>
    public static bool IsTransient(Exception exception) => exception is GrainFault { IsRetryable: true }
        or OrleansMessageRejectionException
        or SiloUnavailableException
        or ClientNotAvailableException
        or GatewayTooBusyException
        or ConnectionFailedException
        or LimitExceededException // a grain with too many callers
        or TimeoutRejectedException // of an attempt: that of the whole is outside of the retry
        or TimeoutException
        || IsOfTheRuntime(exception);

    // Without a type of its own Orleans says that no silo can have the grain, or that its directory is about to change;
    // nothing was done. What code of ours threw it carries inside.
    private static bool IsOfTheRuntime(Exception exception) =>
        exception.GetType() == typeof(OrleansException) && exception.InnerException is null;

    /// <summary>What is left once the pipeline gave up, or a query of the read model failed.</summary>
    public static bool IsUnavailable(Exception exception) =>
        exception is ExecutionRejectedException or DbException || IsTransient(exception);
}
