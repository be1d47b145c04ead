using Lms.Chaos.Cluster;
using Lms.Chaos.Load;

namespace Lms.Cluster.Tests;

/// <summary>One cluster, in which a test breaks something and which is whole again for the next.</summary>
public sealed class FaultCluster : IAsyncLifetime
{
    /// <summary>Of a cluster's grains, what each silo holds before one is taken away: else nobody would miss it.</summary>
    private const double LeastShare = 0.15;

    private readonly string _folder = Clusters.NewFolder();
    private LocalCluster? _cluster;

    public LocalCluster Cluster => _cluster ?? throw new InvalidOperationException("The cluster has not started.");

    public Silo Victim => Cluster.Silos[^1];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _cluster = await Clusters.StartAsync(new() { Directory = _folder, Silos = 3, Demo = true });

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A load whose grains are on all silos.</summary>
    public async Task<LoadRun> StartLoadAsync(double rate = 100, TimeSpan? timeout = null)
    {
        await Activations.CollectAsync(Cluster.Silos, Cancellation);
        var load = await LoadRun.StartAsync(
            new() { Urls = Cluster.Urls, Rate = rate, Books = 150, Timeout = timeout ?? TimeSpan.FromSeconds(10) }, Cancellation);
        await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
        var activations = (await Activations.AskAsync(Cluster.Silos, Cancellation))!.Silos;
        Assert.Equal(Cluster.Silos.Count, activations.Count);
        Assert.All(activations, silo => Assert.InRange(silo.Activations, LeastShare * activations.Sum(other => other.Activations), int.MaxValue));
        return load;
    }

    /// <summary>Starts what does not run, thaws what is frozen, and waits until all of it is ready and one cluster.</summary>
    public async Task MendAsync()
    {
        foreach (var process in Cluster.Processes)
        {
            if (process.IsFrozen)
            {
                process.Thaw();
            }

            if (!process.IsRunning)
            {
                await process.LaunchAsync(Cancellation);
            }
        }

        await Cluster.BecomesReadyAsync(Cancellation);
        await Poll.UntilAsync(
            async () => (await Activations.AskAsync(Cluster.Silos, Cancellation))?.Silos.Count == Cluster.Silos.Count,
            "all silos are members",
            TimeSpan.FromSeconds(60));
    }

    /// <summary>Sends on for a while, then judges: nothing that was acknowledged is lost, whatever happened.</summary>
    public static async Task<LoadResult> EndsWellAsync(LoadRun load, TimeSpan after)
    {
        await Task.Delay(after, Cancellation);
        var result = await load.FinishAsync();
        Assert.Empty(result.Writes.Lost);
        Assert.Empty(result.Writes.Unread);
        Assert.Empty(result.Writes.StaleReads);
        Assert.Equal(0, result.Writes.Unknown);
        Assert.InRange(result.Writes.Acknowledged, 20, int.MaxValue);
        return result;
    }

    /// <summary>The same, and nobody noticed.</summary>
    public static async Task NobodyNoticesAsync(LoadRun load, TimeSpan after)
    {
        var result = await EndsWellAsync(load, after);
        Assert.True(result.Failed == 0, string.Join('\n', result.Failures));
    }
}
