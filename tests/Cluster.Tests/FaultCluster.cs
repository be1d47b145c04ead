using Lms.Chaos.Cluster;
using Lms.Chaos.Load;

namespace Lms.Cluster.Tests;

/// <summary>One cluster, in which a test breaks something and which is whole again for the next.</summary>
public class FaultCluster : IAsyncLifetime
{
    private readonly string _folder = Clusters.NewFolder();
    private LocalCluster? _cluster;

    internal virtual ClusterOptions Options => new() { Directory = _folder, Silos = 3, Demo = true };

    public LocalCluster Cluster => _cluster ?? throw new InvalidOperationException("The cluster has not started.");

    public Silo Victim => Cluster.Silos[^1];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _cluster = await Clusters.StartAsync(Options);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    public Task<LoadRun> StartLoadAsync(TimeSpan? timeout = null) => LoadUnder.StartAsync(Cluster, timeout: timeout);

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
}
