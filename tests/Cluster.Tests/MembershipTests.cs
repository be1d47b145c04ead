using System.Globalization;
using System.Net;
using Lms.Chaos.Cluster;

namespace Lms.Cluster.Tests;

/// <summary>A table that is lost never makes two clusters, and a silo that has lost everybody writes nothing.</summary>
public sealed class MembershipTests(MembershipCluster fixture) : IClassFixture<MembershipCluster>, IAsyncLifetime
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LocalCluster Cluster => fixture.Cluster;

    public async ValueTask InitializeAsync() => await fixture.MendAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_silo_that_starts_while_the_table_is_lost_joins_the_cluster_that_lives()
    {
        await using var load = await LoadUnder.StartAsync(Cluster);
        var before = (await Activations.AskAsync(Cluster.Silos, Cancellation))!.Silos.Select(silo => silo.Address).ToList();

        await Cluster.Membership.WipeAsync();
        var joining = Cluster.AddSiloAsync(Cancellation);

        // Whatever it sees from its first answer on: a cluster that lacks the others would be a second one on the same states.
        while (!joining.IsCompleted)
        {
            if (await Activations.AskAsync(Cluster.Silos.Skip(before.Count), Cancellation) is { } seen)
            {
                Assert.Empty(before.Except(seen.Silos.Select(silo => silo.Address), StringComparer.Ordinal));
            }

            await Task.Delay(20, Cancellation);
        }

        await joining;
        await LoadUnder.NobodyNoticesAsync(load, TimeSpan.FromSeconds(2));
        var after = (await Activations.AskAsync(Cluster.Silos, Cancellation))!.Silos.Select(silo => silo.Address).ToList();
        Assert.Equal(before.Count + 1, after.Count);
        Assert.Empty(before.Except(after, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_silo_that_has_lost_the_table_and_all_others_refuses_writes_until_it_finds_them()
    {
        await using var load = await LoadUnder.StartAsync(Cluster);
        using var librarian = await Librarian.SignInAsync(Cluster.Urls[0]);
        Assert.Equal(HttpStatusCode.Created, await librarian.WriteAsync());

        await Cluster.Membership.KillAsync();
        await Task.WhenAll(Cluster.Silos.Skip(1).Select(silo => silo.KillAsync()));

        // It cannot know that it is not the one that was cut off. Five seconds, and as long as a write may take.
        await Task.Delay(TimeSpan.FromSeconds(11), Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await librarian.WriteAsync());
        Assert.Equal("1", await FencedAsync());

        await Cluster.Membership.StartAsync(Cancellation);
        await Poll.UntilAsync(async () => await librarian.WriteAsync() == HttpStatusCode.Created, "genres are written again", TimeSpan.FromSeconds(10));
        Assert.Equal("0", await FencedAsync());
        var result = await LoadUnder.EndsWellAsync(load, TimeSpan.FromSeconds(2));
        Assert.All(result.Failures, failure => Assert.Equal("status 503", failure.Kind));
    }

    [Fact]
    public async Task Silos_ask_whether_the_others_are_there_although_they_have_nothing_to_say()
    {
        const string established = "01", asksWhetherAnybodyIsThere = "02";
        var watchers = Cluster.Silos.Select(silo => (silo.SiloPort + Silo.WatcherDistance).ToString("X4", CultureInfo.InvariantCulture)).ToHashSet();
        var connections = (await File.ReadAllLinesAsync("/proc/net/tcp", Cancellation)).Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words[3] == established && words[1..3].Any(end => watchers.Contains(end.Split(':')[1])))
            .ToList();

        // Each pair of silos has two connections, and each connection has two ends here.
        Assert.InRange(connections.Count, 2 * Cluster.Silos.Count * (Cluster.Silos.Count - 1), int.MaxValue);
        Assert.All(connections, words => Assert.StartsWith(asksWhetherAnybodyIsThere, words[5], StringComparison.Ordinal));
    }

    /// <summary>Whether the first silo says that it refuses writes.</summary>
    private async Task<string> FencedAsync()
    {
        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri($"{Cluster.Silos[0].InternalUrl}/metrics"), Cancellation);
        var told = metrics.Split('\n').Single(line => line.StartsWith("lms_silo_fenced{", StringComparison.Ordinal));
        return told[(told.IndexOf("} ", StringComparison.Ordinal) + 2)..].Split(' ')[0];
    }
}

/// <summary>A cluster of two silos, in which a test may leave more.</summary>
public sealed class MembershipCluster : FaultCluster
{
    internal override ClusterOptions Options => base.Options with { Silos = 2 };
}
