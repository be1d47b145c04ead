using Lms.Chaos.Cluster;

namespace Lms.Cluster.Tests;

/// <summary>Services with silos of their own: what happens to them when those are gone, and to the others.</summary>
public sealed class PoolTests(PoolCluster fixture) : IClassFixture<PoolCluster>, IAsyncLifetime
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await fixture.MendAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_silos_of_others_take_the_place_of_a_pool_that_is_empty()
    {
        await using var load = await fixture.StartLoadAsync();
        Assert.Empty(await OutsideAsync("book", PoolCluster.Books));

        await fixture.Cluster[PoolCluster.Books].KillAsync();

        await LoadUnder.NobodyNoticesAsync(load, TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task Nobody_takes_the_place_of_a_strict_pool_and_it_is_missed_until_it_is_back()
    {
        await using var load = await fixture.StartLoadAsync();

        await fixture.Cluster[PoolCluster.Desk].KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(8), Cancellation);
        Assert.Empty(await OutsideAsync("lending", PoolCluster.Desk));
        await fixture.Cluster[PoolCluster.Desk].StartAsync(Cancellation);

        var result = await LoadUnder.EndsWellAsync(load, TimeSpan.FromSeconds(8));
        Assert.All(result.Failures, failure => Assert.Equal("status 503", failure.Kind));
        Assert.All(result.Failures, failure => Assert.True(failure.Operation is "lend" or "return", failure.ToString()));
        Assert.NotEmpty(result.Failures);
        Assert.All(result.PerSecond.TakeLast(2), second => Assert.Equal(0, second.Failed));
    }

    /// <summary>What is active outside its pool.</summary>
    private async Task<IEnumerable<string>> OutsideAsync(string type, string pool)
    {
        var found = new List<string>();
        foreach (var silo in fixture.Cluster.Silos.Where(silo => silo.Name != pool))
        {
            found.AddRange(await Activations.KeysAsync(silo, type, Cancellation));
        }

        return found;
    }
}

/// <summary>A cluster whose silos have services of their own: a soft pool of books, and a strict one of the desk.</summary>
public sealed class PoolCluster : FaultCluster
{
    public const string Books = "silo-2";
    public const string Desk = "silo-3";

    private static readonly string[] s_desk = ["lendings", "users"];

    internal override ClusterOptions Options => base.Options with
    {
        ServicesOf = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["silo-1"] = ["authors", "copies", "genres", "readers"],
            [Books] = ["books"],
            [Desk] = s_desk,
        },
        StrictServices = s_desk,
    };
}
