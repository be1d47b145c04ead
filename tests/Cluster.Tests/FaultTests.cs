using System.Net;
using Npgsql;

namespace Lms.Cluster.Tests;

/// <summary>Silos, gateways and servers end, freeze and come back while clients go on.</summary>
public sealed class FaultTests(FaultCluster fixture) : IClassFixture<FaultCluster>, IAsyncLifetime
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await fixture.MendAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_silo_that_is_killed_is_not_missed()
    {
        await using var load = await fixture.StartLoadAsync();

        await fixture.Victim.KillAsync();

        await LoadUnder.NobodyNoticesAsync(load, TimeSpan.FromSeconds(6));
    }

    // Longer than the others wait for it, so that it is a zombie when it thaws: it ends by itself, and overwrites nothing.
    [Fact]
    public async Task A_silo_that_freezes_is_not_missed_and_ends_when_it_thaws()
    {
        await using var load = await fixture.StartLoadAsync();

        fixture.Victim.Freeze();
        await Task.Delay(TimeSpan.FromSeconds(8), Cancellation);
        fixture.Victim.Thaw();

        await fixture.Victim.WaitForExitAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        await LoadUnder.NobodyNoticesAsync(load, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_gateway_that_is_asked_to_end_refuses_new_clients_and_answers_those_that_are_connected()
    {
        var gateway = fixture.Cluster.Gateways[1];
        using var connected = new HttpClient { BaseAddress = new(gateway.Url) };
        using var before = await connected.GetAsync("/status.json", Cancellation);

        var stopping = gateway.StopAsync();
        await Poll.UntilAsync(() => RefusesAsync(gateway.Url), "new clients are refused", TimeSpan.FromSeconds(5));
        var refusesOperators = await RefusesAsync(gateway.InternalUrl);
        using var after = await connected.GetAsync("/status.json", Cancellation);
        await stopping;

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (before.StatusCode, after.StatusCode));
        Assert.NotEqual(true, before.Headers.ConnectionClose);
        Assert.Equal(true, after.Headers.ConnectionClose);
        Assert.False(refusesOperators);

        static async Task<bool> RefusesAsync(string url)
        {
            using var stranger = new HttpClient();
            try
            {
                using var answer = await stranger.GetAsync(new Uri(new Uri(url), "/health/live"), Cancellation);
                return false;
            }
            catch (HttpRequestException fault)
            {
                // Who comes in the very moment has connected, and is cut off.
                return fault.HttpRequestError == HttpRequestError.ConnectionError;
            }
        }
    }

    [Fact]
    public async Task A_gateway_that_is_killed_takes_with_it_only_what_was_on_its_way()
    {
        await using var load = await fixture.StartLoadAsync();

        var gateway = fixture.Cluster.Gateways[1];
        await gateway.KillAsync();

        var result = await LoadUnder.EndsWellAsync(load, TimeSpan.FromSeconds(4));

        // What was on its way is lost, and is sent again with its key: the other gateway waits for the lease of the one that is gone.
        Assert.All(
            result.FailedRequests, request => Assert.Equal(("connection lost", gateway.Url), (request.Kind, request.Url.TrimEnd('/'))));
        Assert.InRange(result.Failed, 0, 50);
    }

    [Fact]
    public async Task A_gateway_that_freezes_does_not_hold_up_the_other()
    {
        await using var load = await fixture.StartLoadAsync(timeout: TimeSpan.FromSeconds(6));

        var gateway = fixture.Cluster.Gateways[1];
        gateway.Freeze();
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
        gateway.Thaw();

        var result = await LoadUnder.EndsWellAsync(load, TimeSpan.FromSeconds(4));
        Assert.All(result.FailedRequests, request => Assert.Equal(gateway.Url, request.Url.TrimEnd('/')));
    }

    // While all live nobody needs it; and after so long each row of the table is older than what counts as alive.
    [Fact]
    public async Task Neither_a_long_absence_of_the_membership_Redis_is_noticed_nor_a_silo_that_is_killed_right_after()
    {
        await using var load = await fixture.StartLoadAsync();

        await fixture.Cluster.Membership.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(30), Cancellation);
        await fixture.Cluster.Membership.StartAsync(Cancellation);
        await fixture.Victim.KillAsync();

        await LoadUnder.NobodyNoticesAsync(load, TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task Without_PostgreSQL_nothing_is_acknowledged_that_is_not_kept()
    {
        await using var load = await fixture.StartLoadAsync();

        await fixture.Cluster.Postgres.StopImmediatelyAsync();
        await Task.Delay(TimeSpan.FromSeconds(4), Cancellation);
        await fixture.Cluster.Postgres.StartAsync(Cancellation);

        // What was begun before, and could not be abandoned, can be begun again three seconds later.
        var result = await LoadUnder.EndsWellAsync(load, TimeSpan.FromSeconds(5));
        Assert.All(result.PerSecond.TakeLast(2), second => Assert.Equal(0, second.Failed));
        Assert.All(result.Failures, failure => Assert.Equal("status 503", failure.Kind));
    }

    [Fact]
    public async Task PostgreSQL_and_a_silo_may_go_at_once()
    {
        await using var load = await fixture.StartLoadAsync();

        await fixture.Cluster.Postgres.StopImmediatelyAsync();
        await fixture.Victim.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
        await fixture.Cluster.Postgres.StartAsync(Cancellation);

        var result = await LoadUnder.EndsWellAsync(load, TimeSpan.FromSeconds(6));
        Assert.All(result.PerSecond.TakeLast(2), second => Assert.Equal(0, second.Failed));
    }

    [Fact]
    public async Task Changes_are_told_at_every_gateway_and_go_on_when_a_silo_is_killed()
    {
        using var writer = await Librarian.SignInAsync(fixture.Cluster.Urls[0]);
        using var listener = await Librarian.SignInAsync(fixture.Cluster.Urls[1]);
        await using var changes = listener.ChangesAsync().GetAsyncEnumerator(Cancellation);
        await UntilAsync(changes, "\"live\":true");

        await writer.WriteAsync("told before the end");
        await UntilAsync(changes, "told before the end");
        await fixture.Victim.KillAsync();

        // What is told while the feed is being mended may be lost; it says so, and then goes on.
        var heard = UntilAsync(changes, "told after the end");
        for (var number = 0; !heard.IsCompleted; number++)
        {
            await writer.WriteAsync($"told after the end {number}");
            await Task.Delay(500, Cancellation);
        }

        await heard;

        static async Task UntilAsync(IAsyncEnumerator<string> lines, string text)
        {
            while (await lines.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(45), Cancellation))
            {
                if (lines.Current.Contains(text, StringComparison.Ordinal))
                {
                    return;
                }
            }

            Assert.Fail($"The feed ended before '{text}'.");
        }
    }

    // All that is done here is done as this role.
    [Fact]
    public async Task Silos_need_no_right_to_make_tables()
    {
        await using var source = NpgsqlDataSource.Create(fixture.Cluster.Postgres.ConnectionString("lms", "lms"));
        await using var command = source.CreateCommand("CREATE TABLE of_silos (id int)");

        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancellation));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    // Each is asked to end, and starts again.
    [Fact]
    public async Task All_silos_and_gateways_restart_one_by_one_and_nobody_notices()
    {
        await using var load = await fixture.StartLoadAsync();

        await fixture.Cluster.RollAsync(cancellationToken: Cancellation);

        await LoadUnder.NobodyNoticesAsync(load, TimeSpan.FromSeconds(2));
    }
}
