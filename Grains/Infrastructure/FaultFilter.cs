using Lms.Grains.Abstractions;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;
using Orleans.Storage;

namespace Lms.Grains.Infrastructure;

/// <summary>Turns whatever breaks inside a grain into a <see cref="GrainFault"/>, which any caller can read.</summary>
/// <remarks>What nobody waits for any more is not begun: a grain whose callers have given up would only be held up by them.</remarks>
internal sealed partial class FaultFilter(TimeProvider clock, ILogger<FaultFilter> logger) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (IsOurs(context) && CallDeadline.HasPassed(clock.GetUtcNow()))
        {
            throw new GrainFault(FaultKind.Unreachable, "The caller's time was over before the call began.");
        }

        try
        {
            await context.Invoke();
        }
        catch (Exception exception) when (IsOurs(context) && IsToBeTranslated(context, exception))
        {
            throw Translate(context, exception);
        }
    }

    // Orleans' own exceptions tell what became of a message and are known to every caller.
    private static bool IsToBeTranslated(IIncomingGrainCallContext context, Exception exception) => exception switch
    {
        GrainFault => false,
        OperationCanceledException => !context.Request.GetCancellationToken().IsCancellationRequested,
        InconsistentStateException => true,
        OrleansException => StorageFaults.Unwrap(exception) != exception,
        _ => true,
    };

    private static bool IsOurs(IIncomingGrainCallContext context) =>
        context.Grain?.GetType().Assembly == typeof(FaultFilter).Assembly;

    private GrainFault Translate(IIncomingGrainCallContext context, Exception exception)
    {
        // As storage throws it, Orleans has wrapped it: a bare one comes from a call to another grain. There, what cannot be sent
        // is an exception of what the runtime itself uses, such as Redis: grains only throw faults.
        if (exception is TimeoutException or OperationCanceledException or CodecNotFoundException)
        {
            LogTimeout(exception, context.TargetId, context.MethodName);
            return new(FaultKind.Timeout, "An answer did not come in time.");
        }

        if (StorageFaults.Of(exception) is { } fault)
        {
            // Our own type hides the exception after which Orleans would drop the activation itself.
            (context.Grain as IGrainBase)?.DeactivateOnIdle();
            LogStorage(exception, context.TargetId);
            return fault;
        }

        LogUnexpected(exception, context.TargetId, context.MethodName);
        var name = StorageFaults.Unwrap(exception).GetType().Name;
        return new(FaultKind.Unexpected, $"{name} in {context.InterfaceName}.{context.MethodName}.");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Storage failed under {Grain}")]
    private partial void LogStorage(Exception exception, GrainId grain);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No answer in time for {Grain}, method {Method}")]
    private partial void LogTimeout(Exception exception, GrainId grain, string method);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected exception in {Grain}, method {Method}")]
    private partial void LogUnexpected(Exception exception, GrainId grain, string method);
}
