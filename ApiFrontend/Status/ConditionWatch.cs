using Lms.ServiceDefaults;

namespace Lms.ApiFrontend.Status;

/// <summary>Looks every second how the services are, and keeps the log of incidents.</summary>
internal sealed class ConditionWatch(
    ServiceConditions conditions, IncidentLog incidents, TimeProvider clock, ILogger<ConditionWatch> logger) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, clock);

        // A gateway that cannot tell how it is still answers; the page says when it was looked last.
        await timer.RepeatAsync(
            _ =>
            {
                incidents.Observe(conditions.Look());
                return Task.CompletedTask;
            },
            logger,
            stoppingToken);
    }
}
