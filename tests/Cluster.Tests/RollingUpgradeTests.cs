using Lms.Chaos.Cluster;

namespace Lms.Cluster.Tests;

/// <summary>A release takes the place of the one before while clients go on, and gives it back.</summary>
public sealed class RollingUpgradeTests : IAsyncLifetime
{
    private readonly string _folder = Clusters.NewFolder();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Nobody_notices_an_upgrade_nor_a_step_back()
    {
        var (previous, old) = (await PreviousRelease.BuiltAsync(), await PreviousRelease.VersionAsync());
        await using var cluster = await Clusters.StartAsync(new() { Directory = _folder, Silos = 3, Demo = true, Binaries = previous });
        Assert.All(Library(cluster), process => Assert.Equal(old, process.Version));
        await using var load = await LoadUnder.StartAsync(cluster);

        await cluster.MigrateAsync(Binaries.Built, Cancellation);
        await cluster.RollAsync(Binaries.Built, Cancellation);
        var (upgraded, member) = (Library(cluster).Select(process => process.Version).Distinct(StringComparer.Ordinal), cluster.Silos[0]);
        Assert.NotEqual(PreviousRelease.Number(old), PreviousRelease.Number(Assert.Single(upgraded)));

        await member.StopAsync();
        member.Binaries = previous;
        await member.StartAsync(Cancellation);
        Assert.Equal(old, member.Version);

        await LoadUnder.NobodyNoticesAsync(load, TimeSpan.FromSeconds(3));
    }

    private static IEnumerable<LibraryProcess> Library(LocalCluster cluster) => cluster.Silos.Concat<LibraryProcess>(cluster.Gateways);
}
