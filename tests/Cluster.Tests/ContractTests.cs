using Lms.Chaos.Cluster;

namespace Lms.Cluster.Tests;

/// <summary>The contract of the REST clients, asked of gateways in turn: the suite is the one that one process passes.</summary>
public sealed class ContractTests
{
    [Fact]
    public async Task It_holds_on_one_silo_and_on_three()
    {
        var folder = Clusters.NewFolder();
        await using (var cluster = await Clusters.StartAsync(new() { Directory = folder, Silos = 1, Demo = true }))
        {
            await ContractSuite.PassesAsync(cluster);

            await cluster.AddSiloAsync(TestContext.Current.CancellationToken);
            await cluster.AddSiloAsync(TestContext.Current.CancellationToken);
            await Poll.UntilAsync(
                async () => (await Activations.AskAsync(cluster.Silos, TestContext.Current.CancellationToken))?.Silos.Count == 3,
                "all silos are members",
                TimeSpan.FromSeconds(10));
            await ContractSuite.PassesAsync(cluster, isFirst: false);
        }

        Directory.Delete(folder, recursive: true);
    }
}
