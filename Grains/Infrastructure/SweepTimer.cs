using Microsoft.Extensions.Hosting;

namespace Lms.Grains.Infrastructure;

/// <summary>Sweeps where there is one silo only: at the start, then every <see cref="Interval"/>.</summary>
internal sealed class SweepTimer(Sweeper sweeper, TimeProvider clock, IHostApplicationLifetime lifetime) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await lifetime.StartedAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            await sweeper.SweepDueAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

internal static class LifetimeExtensions
{
    /// <summary>Grains answer once the silo is up, which is when the host has started.</summary>
    public static async Task StartedAsync(this IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
    }
}
