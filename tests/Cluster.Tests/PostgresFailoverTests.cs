using System.Diagnostics;
using Lms.Chaos.Cluster;
using Lms.Chaos.Servers;

namespace Lms.Cluster.Tests;

/// <summary>The primary of two PostgreSQL ends for good, and its replica takes its place, while clients go on.</summary>
public sealed class PostgresFailoverTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_acknowledged_survives_the_primary_and_whoever_reads_goes_on()
    {
        var folder = Clusters.NewFolder();
        var options = new ClusterOptions { Directory = folder, Silos = 2, Demo = true, Replica = true };
        await using (var cluster = await Clusters.StartAsync(options))
        {
            using var librarian = await Librarian.SignInAsync(cluster.Urls[0]);
            await using var load = await LoadUnder.StartAsync(cluster);

            await cluster.Postgres.KillAsync();
            var gone = Stopwatch.StartNew();
            await Poll.UntilAsync(
                async () => await librarian.DegradationOfListAsync() == "replica", "lists come from the replica", TimeSpan.FromSeconds(8));
            await cluster.PromoteReplicaAsync(Cancellation);
            var outage = gone.Elapsed;
            await Poll.UntilAsync(
                async () => await librarian.DegradationOfListAsync() == "", "lists are as ever", TimeSpan.FromSeconds(8));
            await Assert.ThrowsAsync<ClusterException>(() => cluster.Postgres.StartAsync(Cancellation));

            var result = await LoadUnder.EndsWellAsync(load, TimeSpan.FromSeconds(5));
            Assert.All(result.Failures, failure => Assert.Equal("status 503", failure.Kind));
            Assert.True(result.Operations["book"].Failed == 0, string.Join('\n', result.Failures));
            Assert.All(result.PerSecond.TakeLast(2), second => Assert.Equal(0, second.Failed));
            var failed = result.FailedRequests.Select(request => request.At).DefaultIfEmpty();
            Assert.InRange(failed.Max() - failed.Min(), 0, outage.TotalSeconds + 5);
        }

        // The folder of the old primary must not be taken for the library.
        var refused = await Assert.ThrowsAsync<ClusterException>(() => Clusters.StartAsync(options));
        Assert.Contains("was promoted", refused.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}
