using Lms.Grains.Abstractions;
using Microsoft.Extensions.Logging;

namespace Lms.Grains.Infrastructure;

/// <summary>Turns whatever breaks inside a grain into a <see cref="GrainFault"/>, which any caller can read.</summary>
internal sealed partial class FaultFilter(ILogger<FaultFilter> logger) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception exception) when (IsOurs(context) && IsForeign(exception))
        {
            throw Translate(context, exception);
        }
    }

    // What Orleans itself throws is known to every caller, unless it only wraps what storage threw.
    private static bool IsForeign(Exception exception) => exception switch
    {
        GrainFault or OperationCanceledException => false,
        OrleansException => StorageFaults.Of(exception) is not null,
        _ => true,
    };

    private static bool IsOurs(IIncomingGrainCallContext context) =>
        context.Grain?.GetType().Assembly == typeof(FaultFilter).Assembly;

    private GrainFault Translate(IIncomingGrainCallContext context, Exception exception)
    {
        if (StorageFaults.Of(exception) is { } fault)
        {
            // Our own type hides the exception after which Orleans would drop the activation itself.
            (context.Grain as IGrainBase)?.DeactivateOnIdle();
            LogStorage(exception, context.TargetId);
            return fault;
        }

        LogUnexpected(exception, context.TargetId, context.MethodName);
        return new(FaultKind.Unexpected, $"{exception.GetType().Name} in {context.InterfaceName}.{context.MethodName}.");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Storage failed under {Grain}")]
    private partial void LogStorage(Exception exception, GrainId grain);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected exception in {Grain}, method {Method}")]
    private partial void LogUnexpected(Exception exception, GrainId grain, string method);
}
