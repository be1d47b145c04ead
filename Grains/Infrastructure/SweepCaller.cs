using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lms.Grains.Infrastructure;

/// <summary>
/// Asks for sweeps on behalf of its silo: when it has started, when another one has ended, and when its projector missed rows,
/// of which nobody else knows.
/// </summary>
internal sealed partial class SweepCaller(
    IGrainFactory grains,
    IClusterMembershipService membership,
    Projector projector,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<SweepCaller> logger) : BackgroundService
{
    /// <summary>Between looks at the projector, and before asking again what nobody answered.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private long _dueAt = long.MaxValue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await lifetime.StartedAsync(stoppingToken);
        Volatile.Write(ref _dueAt, 0);
        await Task.WhenAll(WatchAsync(stoppingToken), CallAsync(stoppingToken));
    }

    // What a member left behind is old enough to be resumed when the grace of the sweeper is over. Several that end
    // together, or one after the other, are one reason to sweep.
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var previous = membership.CurrentSnapshot;
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(cancellationToken))
        {
            if (snapshot.Members.Values.Any(member =>
                member.Status == SiloStatus.Dead && previous.GetSiloStatus(member.SiloAddress) is not (SiloStatus.Dead or SiloStatus.None)))
            {
                Volatile.Write(ref _dueAt, (clock.GetUtcNow() + Sweeper.Grace).UtcTicks);
            }

            previous = snapshot;
        }
    }

    private async Task CallAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        var missed = false;
        do
        {
            missed |= projector.TakeMissed();
            var isDue = clock.GetUtcNow().UtcTicks >= Volatile.Read(ref _dueAt);
            if (!missed && !isDue)
            {
                continue;
            }

            try
            {
                await grains.GetGrain<ISweeperGrain>(SweeperGrain.Key).SweepSoonAsync(everything: true, cancellationToken);
                missed = false;
                if (isDue)
                {
                    Volatile.Write(ref _dueAt, long.MaxValue);
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotAsked(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sweeper does not answer; it is asked again")]
    private partial void LogNotAsked(Exception exception);
}
