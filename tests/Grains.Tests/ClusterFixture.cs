using Lms.Grains.Tests;

[assembly: AssemblyFixture(typeof(ClusterFixture))]

// Tests share one clock and one storage that can be told to fail; what one asks for must not strike another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Lms.Grains.Tests;

/// <summary>Two silos for the whole assembly. Tests never share a grain key.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    internal TestCluster Cluster { get; } = new(silos: 2);

    public ValueTask InitializeAsync() => Cluster.StartAsync();

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}

/// <summary>A test of grains in the cluster of the assembly.</summary>
public abstract class GrainTest(ClusterFixture fixture) : IDisposable
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected IGrainFactory Grains => Cluster.Grains;

    private protected TestCluster Cluster => fixture.Cluster;

    private protected TestStorage Storage => Cluster.Storage;

    protected DateOnly Today => Cluster.Calendar.Today;

    /// <summary>What this test asked for and did not come to pass must not strike the next.</summary>
    public void Dispose()
    {
        Storage.Calm();
        GC.SuppressFinalize(this);
    }

    protected void Advance(TimeSpan time) => Cluster.Clock.Advance(time);
}
