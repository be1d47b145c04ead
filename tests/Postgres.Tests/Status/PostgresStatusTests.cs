using Lms.ApiFrontend.Status;
using Lms.Postgres.Tests.Storage;
using Lms.Silo.Storage;
using Npgsql;

namespace Lms.Postgres.Tests.Status;

/// <summary>With a role that may do no more than gateways need.</summary>
public sealed class PostgresStatusTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_minute = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private NpgsqlDataSource _owner = null!;
    private NpgsqlDataSource _source = null!;
    private PostgresStatus _one = null!;
    private PostgresStatus _other = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _owner = await PostgresFixture.CreateDatabaseAsync();
        await PostgresFixture.CreateRoleAsync(_owner, PostgresLibrary.Role);
        await PostgresSchema.MigrateAsync(_owner, PostgresLibrary.Role, Token);
        _source = await PostgresFixture.OpenAsync(PostgresFixture.NameOf(_owner), PostgresLibrary.Role);
        (_one, _other) = (new(_source, GatewayRun.Of("one")), new(_source, GatewayRun.Of("other")));
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
            await PostgresFixture.DropAsync(_owner);
        }
    }

    [Fact]
    public async Task What_is_written_twice_counts_once_and_what_grew_meanwhile_is_added()
    {
        MinuteCount[] first = [new(s_minute, "books", new(Full: 10, Degraded: 2, Failed: 1, Announced: 4))];
        await _one.WriteAsync(first, Token);
        await _one.WriteAsync(first, Token);
        Assert.Equal(first[0].Totals, (await CountAsync())["books"]);

        await _one.WriteAsync([first[0] with { Totals = new(11, 2, 2, 4) }], Token);
        await _one.WriteAsync(first, Token); // late

        Assert.Equal(new(11, 2, 2, 4), (await CountAsync())["books"]);
    }

    [Fact]
    public async Task Gateways_and_their_runs_add_up()
    {
        MinuteCount[] counts =
        [
            new(s_minute, "books", new(1, 0, 0, 0)), new(s_minute, "users", new(0, 1, 0, 0)), new(s_minute.AddMinutes(1), "books", new(0, 0, 1, 0)),
        ];
        await _one.WriteAsync(counts, Token);
        await _other.WriteAsync(counts, Token);
        await new PostgresStatus(_source, GatewayRun.Of("one")).WriteAsync(counts, Token);

        var all = await CountAsync();

        Assert.Equal((new(3, 0, 3, 0), new(0, 3, 0, 0)), (all["books"], all["users"]));
        Assert.Equal(2, (await _one.CountAsync(s_minute.AddDays(-1), s_minute, Token)).Count);
        Assert.Equal(new(0, 0, 3, 0), Assert.Single(await _one.CountAsync(s_minute, s_minute.AddMinutes(1), Token)).Value);
    }

    [Fact]
    public async Task A_day_of_minutes_is_written_at_once()
    {
        var day = Enumerable.Range(0, 24 * 60)
            .SelectMany(minute => RequestCounting.Services.Select(service => new MinuteCount(s_minute.AddMinutes(minute), service, new(1, 0, 0, 0))))
            .ToList();

        await _one.WriteAsync(day, Token);

        Assert.Equal(RequestCounting.Services.Order(StringComparer.Ordinal), (await CountAsync()).Keys.Order(StringComparer.Ordinal));
        Assert.All((await CountAsync()).Values, totals => Assert.Equal(24 * 60, totals.Full));
    }

    [Fact]
    public async Task Of_many_who_report_a_service_at_once_one_has_opened_the_incident()
    {
        var incidents = Enumerable.Range(0, 20).Select(_ => Incident("books", Health.Degraded)).ToList();

        var won = await Task.WhenAll(incidents.Select(incident => _one.ReportAsync(incident, Token)));
        var again = await Task.WhenAll(incidents.Select(incident => _other.ReportAsync(incident, Token)));

        Assert.Single(won, isOurs => isOurs);
        Assert.Equal(won, again);
        Assert.Equal(incidents[Array.IndexOf(won, true)].Id, Assert.Single(await _one.RecentAsync(20, Token)).Id);
        Assert.True(await _other.ReportAsync(Incident("users", Health.Down), Token));
    }

    [Fact]
    public async Task An_incident_is_as_bad_as_the_worst_that_anybody_saw()
    {
        await _one.ReportAsync(Incident("books", Health.Down, "requests-failing"), Token);
        await _other.ReportAsync(Incident("books", Health.Degraded, "stale") with { StartedAt = s_minute.AddSeconds(-3) }, Token);

        var incident = Assert.Single(await _one.RecentAsync(20, Token));

        Assert.Equal((Health.Down, s_minute.AddSeconds(-3), null), (incident.Worst, incident.StartedAt, incident.EndedAt));
        Assert.Equal(["requests-failing", "stale"], incident.Codes);
    }

    [Fact]
    public async Task One_that_nobody_mentions_ends_once_and_a_new_one_may_begin()
    {
        var incident = Incident("books", Health.Down);
        await _one.ReportAsync(incident, Token);
        Assert.Empty(await _one.CloseSilentAsync(TimeSpan.FromSeconds(15), Token));
        await PostgresFixture.ExecuteAsync(_owner, "UPDATE incidents SET seen_at = seen_at - interval '16 s'");

        var ended = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _other.CloseSilentAsync(TimeSpan.FromSeconds(15), Token)));

        Assert.Equal(incident.Id, Assert.Single(ended.SelectMany(one => one)).Id);
        Assert.NotNull(Assert.Single(await _one.RecentAsync(20, Token)).EndedAt);
        Assert.True(await _other.ReportAsync(Incident("books", Health.Down), Token));
    }

    [Fact]
    public async Task One_that_was_over_before_anybody_could_be_told_is_added_once()
    {
        var incident = Incident("books", Health.Down) with { EndedAt = s_minute.AddSeconds(30) };

        await _one.AddFinishedAsync(incident, Token);
        await _one.AddFinishedAsync(incident, Token);

        var added = Assert.Single(await _other.RecentAsync(20, Token));
        Assert.Equal((incident.Id, incident.EndedAt), (added.Id, added.EndedAt));
    }

    [Fact]
    public async Task What_is_old_goes_and_what_goes_on_stays()
    {
        await _one.WriteAsync([new(s_minute, "books", new(1, 0, 0, 0)), new(s_minute.AddDays(1), "users", new(1, 0, 0, 0))], Token);
        await _one.AddFinishedAsync(Incident("books", Health.Down) with { EndedAt = s_minute }, Token);
        await _one.ReportAsync(Incident("users", Health.Down), Token);

        await _one.DeleteBeforeAsync(s_minute.AddHours(1), Token);

        Assert.Equal("users", Assert.Single(await CountAsync()).Key);
        Assert.Equal("users", Assert.Single(await _one.RecentAsync(20, Token)).Service);
    }

    private static Incident Incident(string service, Health health, params string[] codes) =>
        new(Guid.NewGuid(), service, health, codes, s_minute);

    private Task<IReadOnlyDictionary<string, RequestTotals>> CountAsync() => _one.CountAsync(s_minute.AddDays(-1), s_minute.AddDays(2), Token);
}
