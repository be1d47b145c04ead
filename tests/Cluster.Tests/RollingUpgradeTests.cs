using Lms.Chaos.Cluster;

namespace Lms.Cluster.Tests;

/// <summary>A release takes the place of the one before while clients go on, and gives it back.</summary>
[Collection(nameof(Alone))]
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
        Assert.NotEqual(Number(old), Number(Assert.Single(upgraded)));

        await member.StopAsync();
        member.Binaries = previous;
        await member.StartAsync(Cancellation);
        Assert.Equal(old, member.Version);

        await LoadUnder.NobodyNoticesAsync(load, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Two_releases_side_by_side_keep_the_contract()
    {
        var previous = await PreviousRelease.BuiltAsync();
        await using var cluster = await Clusters.StartAsync(new()
        {
            Directory = _folder,
            Silos = 2,
            Demo = true,
            BinariesOf = new Dictionary<string, string>(StringComparer.Ordinal) { ["silo-1"] = previous, ["gateway-1"] = previous },
        });
        foreach (var (one, other) in new[] { (cluster["silo-1"], cluster["silo-2"]), (cluster["gateway-1"], cluster["gateway-2"]) })
        {
            Assert.NotEqual(Number(((LibraryProcess)one).Version), Number(((LibraryProcess)other).Version));
        }

        await ContractSuite.PassesAsync(cluster);
    }

    private static IEnumerable<LibraryProcess> Library(LocalCluster cluster) => cluster.Silos.Concat<LibraryProcess>(cluster.Gateways);

    /// <summary>Without the commit: every commit has another.</summary>
    private static string Number(string version) => version.Split('+')[0];
}
