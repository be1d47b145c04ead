using System.Data.Common;
using Lms.Grains.Abstractions;
using Orleans.Runtime.Messaging;
using Orleans.Serialization;
using Polly;
using Polly.Timeout;

namespace Lms.ApiFrontend.Resilience;

/// <summary>Tells faults of the cluster, of the read model or of the way to them, from faults of our own.</summary>
internal static class GrainFaults
{
    /// <summary>Another attempt may succeed: nobody answered, or somebody answered that storage did not.</summary>
    public static bool IsTransient(Exception exception) => MayHaveBeenExecuted(exception) || ReachedNobody(exception);

    /// <summary>
    /// The call was refused before a grain had it, so that repeating it is not a second one. Of a silo that ended with a call Orleans says
    /// the same: few calls, and commands carry operation ids.
    /// </summary>
    public static bool ReachedNobody(Exception exception) => exception is GrainFault { Kind: FaultKind.Unreachable }
        or SiloUnavailableException
        or ClientNotAvailableException
        or GatewayTooBusyException
        or ConnectionFailedException
        or LimitExceededException // a grain with too many callers
        || IsOfTheRuntime(exception);

    /// <summary>
    /// It speaks for a service in trouble. Not when another activation wrote first: that is cured by asking once more.
    /// </summary>
    public static bool CountsAgainstService(Exception exception) =>
        IsTransient(exception) && exception is not GrainFault { Kind: FaultKind.Conflict };

    /// <summary>What is left once the pipeline gave up, or a query of the read model failed.</summary>
    public static bool IsUnavailable(Exception exception) =>
        exception is ExecutionRejectedException or DbException || IsTransient(exception);

    // Grains tell what broke in faults of ours. What cannot be sent is an exception of what the runtime itself uses, such as Redis.
    private static bool MayHaveBeenExecuted(Exception exception) => exception is GrainFault { IsRetryable: true }
        or CodecNotFoundException
        or OrleansMessageRejectionException // of a message that was forwarded nobody knows
        or TimeoutRejectedException // of an attempt: that of the whole is outside of the retry
        or TimeoutException;

    // Without a type of its own Orleans says that no silo can have the grain, or that its directory is about to change;
    // nothing was done. What code of ours threw it carries inside.
    private static bool IsOfTheRuntime(Exception exception) =>
        exception.GetType() == typeof(OrleansException) && exception.InnerException is null;
}
