using System.Diagnostics;
using Lms.Chaos.Servers;

namespace Lms.Chaos.Cluster;

/// <summary>Starts silos and gateways again that have died. Those that were asked to end are left alone.</summary>
public sealed class Supervisor(LocalCluster cluster)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<ClusterProcess, Task> _watched = [];

    /// <summary>Until cancelled; also for silos that join later.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var process in cluster.Silos.Concat<ClusterProcess>(cluster.Gateways))
            {
                if (!_watched.ContainsKey(process))
                {
                    _watched[process] = WatchAsync(process, cancellationToken);
                }
            }

            await Task.Delay(s_look, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        await Task.WhenAll(_watched.Values);
    }

    private static async Task WatchAsync(ClusterProcess process, CancellationToken cancellationToken)
    {
        var backoff = new Backoff();
        var alive = Stopwatch.StartNew();
        try
        {
            while (true)
            {
                await Task.Delay(s_look, cancellationToken);
                if (!process.ShouldRun || process.IsRunning)
                {
                    continue;
                }

                await Task.Delay(backoff.After(alive.Elapsed), cancellationToken);
                if (process is { ShouldRun: true, IsRunning: false })
                {
                    alive.Restart();
                    await process.LaunchAsync(cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The cluster stops.
        }
    }
}
