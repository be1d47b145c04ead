using Lms.Chaos.Cluster;
using Lms.Chaos.Load;
using Lms.Chaos.Measure;

namespace Lms.Cluster.Tests;

/// <summary>Nothing has to be there before anything else.</summary>
public sealed class StartTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(45);

    // Six of the twenty-four; chaos measure orders has them all. Each kind is first once at least, and last once at least.
    private static readonly string[] s_orders = ["PRSG", "GSRP", "SGPR", "RGPS", "GPRS", "SPGR"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Servers_silos_and_gateways_may_start_in_any_order()
    {
        var folder = Clusters.NewFolder();
        await using (var cluster = await Clusters.StartAsync(new() { Directory = folder, Silos = 2, Gateways = 1, Demo = true }))
        {
            foreach (var order in s_orders)
            {
                Assert.Contains(order, Restarts.Orders);
                Assert.InRange(await Restarts.InOrderAsync(cluster, order, Cancellation), TimeSpan.Zero, s_patience);
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Five_silos_may_start_at_once_on_an_empty_database()
    {
        var folder = Clusters.NewFolder();
        var options = new ClusterOptions
        {
            Directory = folder,
            Silos = 5,
            Gateways = 1,
            Demo = true,
            Migrate = false,
            DatabaseRole = null,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["Lms__Migrations__Automatic"] = "true" },
        };
        await using (var cluster = await Clusters.StartAsync(options))
        {
            Assert.Equal(5, (await Activations.AskAsync(cluster.Silos, Cancellation))!.Silos.Count);
            var result = await LoadRun.RunAsync(
                new() { Urls = cluster.Urls, Rate = 50, Books = 20, Readers = 10, Duration = TimeSpan.FromSeconds(3) }, Cancellation);
            Assert.True(result.Failed == 0, string.Join('\n', result.Failures));
            Assert.Empty(result.Writes.Lost);
        }

        Directory.Delete(folder, recursive: true);
    }
}
