using Lms.Chaos.Cluster;

namespace Lms.Cluster.Tests;

/// <summary>Silos and gateways of two releases are one library.</summary>
public sealed class SideBySideTests
{
    [Fact]
    public async Task Two_releases_side_by_side_keep_the_contract()
    {
        var (folder, previous) = (Clusters.NewFolder(), await PreviousRelease.BuiltAsync());
        await using (var cluster = await Clusters.StartAsync(new()
        {
            Directory = folder,
            Silos = 2,
            Demo = true,
            BinariesOf = new Dictionary<string, string>(StringComparer.Ordinal) { ["silo-1"] = previous, ["gateway-1"] = previous },
        }))
        {
            foreach (var (one, other) in new[] { (cluster["silo-1"], cluster["silo-2"]), (cluster["gateway-1"], cluster["gateway-2"]) })
            {
                Assert.NotEqual(
                    PreviousRelease.Number(((LibraryProcess)one).Version), PreviousRelease.Number(((LibraryProcess)other).Version));
            }

            await ContractSuite.PassesAsync(cluster);
        }

        Directory.Delete(folder, recursive: true);
    }
}
