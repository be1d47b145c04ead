namespace Lms.Cluster.Tests;

/// <summary>The contract of the REST clients, asked of gateways in turn: the suite is the one that one process passes.</summary>
public sealed class ContractTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task It_holds_with_any_number_of_silos(int silos)
    {
        var folder = Clusters.NewFolder();
        await using (var cluster = await Clusters.StartAsync(new() { Directory = folder, Silos = silos, Demo = true }))
        {
            await ContractSuite.PassesAsync(cluster);
        }

        Directory.Delete(folder, recursive: true);
    }
}
