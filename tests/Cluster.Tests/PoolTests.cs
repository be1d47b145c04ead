using Lms.Chaos.Cluster;

namespace Lms.Cluster.Tests;

/// <summary>A service with silos of its own: what happens to it when they are gone, and to the others.</summary>
[Collection(nameof(Alone))]
public sealed class PoolTests
{
    private static readonly string[] s_desk = ["lendings", "readers", "users"];
    private static readonly string[] s_catalogue = ["authors", "books", "copies", "genres"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_silos_of_others_take_the_place_of_a_pool_that_is_empty()
    {
        var folder = Clusters.NewFolder();
        await using (var cluster = await StartAsync(folder, strict: []))
        {
            await using var load = await LoadUnder.StartAsync(cluster);
            Assert.Empty(await ElsewhereAsync(cluster));

            await cluster.Silos[^1].KillAsync();

            await LoadUnder.NobodyNoticesAsync(load, TimeSpan.FromSeconds(6));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Nobody_takes_the_place_of_a_strict_pool_and_it_is_missed_until_it_is_back()
    {
        var folder = Clusters.NewFolder();
        await using (var cluster = await StartAsync(folder, strict: s_desk))
        {
            await using var load = await LoadUnder.StartAsync(cluster);

            await cluster.Silos[^1].KillAsync();
            await Task.Delay(TimeSpan.FromSeconds(8), Cancellation);
            Assert.Empty(await ElsewhereAsync(cluster));
            await cluster.Silos[^1].StartAsync(Cancellation);

            var result = await LoadUnder.EndsWellAsync(load, TimeSpan.FromSeconds(8));
            Assert.All(result.Failures, failure => Assert.Equal("status 503", failure.Kind));
            Assert.All(result.Failures, failure => Assert.True(failure.Operation is "lend" or "return", failure.ToString()));
            Assert.NotEmpty(result.Failures);
            Assert.All(result.PerSecond.TakeLast(2), second => Assert.Equal(0, second.Failed));
        }

        Directory.Delete(folder, recursive: true);
    }

    private static Task<LocalCluster> StartAsync(string folder, IReadOnlyList<string> strict) => Clusters.StartAsync(new()
    {
        Directory = folder,
        Silos = 3,
        Demo = true,
        ServicesOf = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["silo-1"] = s_catalogue,
            ["silo-2"] = s_catalogue,
            ["silo-3"] = s_desk,
        },
        StrictServices = strict,
    });

    /// <summary>Lendings that are active outside the pool of the desk.</summary>
    private static async Task<IEnumerable<string>> ElsewhereAsync(LocalCluster cluster)
    {
        var found = new List<string>();
        foreach (var silo in cluster.Silos.SkipLast(1))
        {
            found.AddRange(await Activations.KeysAsync(silo, "lending", Cancellation));
        }

        return found;
    }
}
