using Lms.Chaos.Servers;
using Lms.Tests.Shared;

namespace Lms.Cluster.Tests;

/// <summary>README's tour of what the gateway says while one thing after the other is taken away, and when all of it is back.</summary>
public sealed class PlugTests
{
    private static readonly string[] s_tours = ["pull the plug", "and put it back"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_readme_shows_what_happens_when_somebody_pulls_the_plug()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"), Cancellation);
        var folder = Clusters.NewFolder();
        var port = Ports.Free(); // what was accepted says where it is
        foreach (var tour in s_tours.Select(name => Tour.Of(readme, name)))
        {
            Assert.NotEmpty(tour.Steps);
            await using var cluster = await Clusters.StartAsync(
                new() { Directory = Path.Combine(folder, "cluster"), Silos = 3, Gateways = 1, HttpPort = port, Demo = true });
            foreach (var result in await tour.At(cluster.Urls[0]).RunAsync(folder, Cancellation))
            {
                result.Judge();
            }
        }

        Directory.Delete(folder, recursive: true);
    }
}
