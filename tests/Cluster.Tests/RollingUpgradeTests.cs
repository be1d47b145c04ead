using Lms.Chaos.Cluster;

namespace Lms.Cluster.Tests;

/// <summary>A release takes the place of the one before while clients go on, gives some of it back, and both are one library.</summary>
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
    public async Task Nobody_notices_an_upgrade_nor_a_step_back_and_two_releases_side_by_side_keep_the_contract()
    {
        var (previous, old) = (await PreviousRelease.BuiltAsync(), await PreviousRelease.VersionAsync());
        await using var cluster = await Clusters.StartAsync(new() { Directory = _folder, Silos = 3, Demo = true, Binaries = previous });
        Assert.All(Library(cluster), process => Assert.Equal(old, process.Version));
        await using (var load = await LoadUnder.StartAsync(cluster))
        {
            await cluster.MigrateAsync(Binaries.Built, Cancellation);
            await cluster.RollAsync(Binaries.Built, Cancellation);
            var upgraded = Library(cluster).Select(process => process.Version).Distinct(StringComparer.Ordinal);
            Assert.NotEqual(PreviousRelease.Number(old), PreviousRelease.Number(Assert.Single(upgraded)));

            foreach (var process in new LibraryProcess[] { cluster.Silos[0], cluster.Gateways[0] })
            {
                await process.StopAsync();
                process.Binaries = previous;
                await process.StartAsync(Cancellation);
            }

            await LoadUnder.NobodyNoticesAsync(load, TimeSpan.FromSeconds(3));
        }

        string[] stepped = ["silo-1", "gateway-1"];
        Assert.All(Library(cluster), process => Assert.Equal(stepped.Contains(process.Name), process.Version == old));
        await ContractSuite.PassesAsync(cluster);
    }

    private static IEnumerable<LibraryProcess> Library(LocalCluster cluster) => cluster.Silos.Concat<LibraryProcess>(cluster.Gateways);
}
