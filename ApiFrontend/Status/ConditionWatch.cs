namespace Lms.ApiFrontend.Status;

/// <summary>Looks every second how the services are, and keeps the log of incidents.</summary>
internal sealed partial class ConditionWatch(
    ServiceConditions conditions, IncidentLog incidents, TimeProvider clock, ILogger<ConditionWatch> logger) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                incidents.Observe(conditions.Look());
            }
            catch (Exception exception)
            {
                // A gateway that cannot tell how it is still answers; the page says when it was looked last.
                LogFailed(exception);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "It cannot be told how the services are")]
    private partial void LogFailed(Exception exception);
}
