using Lms.Grains.Abstractions;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

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
        catch (Exception exception) when (IsOurs(context) && IsToBeTranslated(exception))
        {
            throw Translate(context, exception);
        }
    }

    // Orleans' own exceptions tell what became of a message and are known to every caller.
    private static bool IsToBeTranslated(Exception exception) => exception switch
    {
        GrainFault or OperationCanceledException => false,
        InconsistentStateException => true,
        OrleansException => StorageFaults.Unwrap(exception) != exception,
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
        var name = StorageFaults.Unwrap(exception).GetType().Name;
        return new(FaultKind.Unexpected, $"{name} in {context.InterfaceName}.{context.MethodName}.");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Storage failed under {Grain}")]
    private partial void LogStorage(Exception exception, GrainId grain);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected exception in {Grain}, method {Method}")]
    private partial void LogUnexpected(Exception exception, GrainId grain, string method);
}
