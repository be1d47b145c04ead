using Lms.Chaos.Cluster;
using Lms.Chaos.Load;

namespace Lms.Cluster.Tests;

/// <summary>Clients that go on while something happens to the cluster.</summary>
internal static class LoadUnder
{
    /// <summary>Of a cluster's grains, what each silo holds before one is taken away: else nobody would miss it.</summary>
    private const double LeastShare = 0.15;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A load whose grains are on all silos, and which leaves two processors the time to start things meanwhile.</summary>
    public static async Task<LoadRun> StartAsync(LocalCluster cluster, double rate = 50, TimeSpan? timeout = null)
    {
        await Activations.CollectAsync(cluster.Silos, Cancellation);
        var load = await LoadRun.StartAsync(
            new() { Urls = cluster.Urls, Rate = rate, Books = 150, Timeout = timeout ?? TimeSpan.FromSeconds(10) }, Cancellation);
        await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
        var activations = (await Activations.AskAsync(cluster.Silos, Cancellation))!.Silos;
        Assert.Equal(cluster.Silos.Count, activations.Count);
        var all = activations.Sum(silo => silo.Activations);
        Assert.All(activations, silo => Assert.InRange(silo.Activations, LeastShare * all, all));
        return load;
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
        Assert.True(result.Failed == 0, string.Join('\n', result.Failures.Cast<object>().Concat(result.FailedRequests.Take(20).Cast<object>())));
    }
}
