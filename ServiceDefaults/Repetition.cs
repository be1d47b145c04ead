using Microsoft.Extensions.Logging;

namespace Lms.ServiceDefaults;

/// <summary>Work that is done again and again for as long as the process lives.</summary>
public static partial class Repetition
{
    /// <summary>
    /// Does it each time the period is over, until it is cancelled. What nobody expected is an error in the log and ends that time
    /// only: a background service that ends takes its process with it.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> says so.</exception>
    public static async Task RepeatAsync(
        this PeriodicTimer timer, Func<CancellationToken, Task> workAsync, ILogger logger, CancellationToken cancellationToken)
    {
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await OnceAsync(workAsync, logger, cancellationToken);
        }
    }

    /// <summary>Does it now, as <see cref="RepeatAsync"/> does it later.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> says so.</exception>
    public static async Task OnceAsync(Func<CancellationToken, Task> workAsync, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            await workAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What is repeated failed for a reason nobody has thought of; it is done again")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
