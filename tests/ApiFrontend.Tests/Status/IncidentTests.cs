using System.Data.Common;
using Lms.ApiFrontend.Alarms;
using Lms.ApiFrontend.Status;
using Microsoft.Extensions.Time.Testing;

namespace Lms.ApiFrontend.Tests.Status;

public sealed class IncidentTests : IAsyncDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(s_start);
    private readonly TestStore _store;
    private readonly Gateway _one = new();
    private readonly Gateway _other = new();

    public IncidentTests() => _store = new(_clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _one.Bell.DisposeAsync();
        await _other.Bell.DisposeAsync();
    }

    [Fact]
    public void What_is_over_within_five_seconds_is_none()
    {
        Observe(_one, Health.Down, seconds: 4);
        Observe(_one, Health.Up, seconds: 60);

        Assert.Empty(_one.Log.Recent);
    }

    [Fact]
    public void What_lasts_is_one_from_its_beginning_and_as_bad_as_it_was_at_worst()
    {
        Observe(_one, Health.Degraded, seconds: 3, "stale");
        Observe(_one, Health.Down, seconds: 3, "requests-failing");
        Observe(_one, Health.Degraded, seconds: 3, "stale");

        var incident = Assert.Single(_one.Log.Recent);

        Assert.Equal(("books", Health.Down, s_start, null), (incident.Service, incident.Worst, incident.StartedAt, incident.EndedAt));
        Assert.Equal(["stale", "requests-failing"], incident.Codes);
    }

    [Fact]
    public void It_ends_when_all_is_well_for_ten_seconds_and_not_before()
    {
        Observe(_one, Health.Down, seconds: 10);
        Observe(_one, Health.Up, seconds: 9);
        Observe(_one, Health.Down, seconds: 1);
        Observe(_one, Health.Up, seconds: 10);
        Assert.Null(Assert.Single(_one.Log.Recent).EndedAt);

        Observe(_one, Health.Up, seconds: 1);

        Assert.Equal(s_start.AddSeconds(20), Assert.Single(_one.Log.Recent).EndedAt);
        Observe(_one, Health.Down, seconds: 10);
        Assert.Equal(2, _one.Log.Recent.Count);
    }

    [Fact]
    public void There_is_an_end_to_what_is_remembered()
    {
        for (var i = 0; i < 250; i++)
        {
            Observe(_one, Health.Down, seconds: 6);
            Observe(_one, Health.Up, seconds: 11);
        }

        Assert.Equal(200, _one.Log.Recent.Count);
        Assert.True(_one.Log.Recent[^1].StartedAt > s_start);
    }

    [Fact]
    public async Task Of_two_gateways_that_see_it_one_alarms()
    {
        Observe([_one, _other], Health.Down, seconds: 6);
        await ShareAsync();
        await ShareAsync();
        Observe([_one, _other], Health.Up, seconds: 11);
        _clock.Advance(IncidentReports.Silence);
        await ShareAsync();
        await ShareAsync();

        var opened = _one.Log.Recent[0].Id;

        Assert.Equal([(AlarmEvent.Opened, opened), (AlarmEvent.Closed, opened)], await _one.HeardAsync(2));
        Assert.Empty(await _other.HeardAsync(0));
        Assert.True(_other.Reports.IsShared(_other.Log.Recent[0]));
        Assert.Single(_store.Finished);
    }

    [Fact]
    public async Task One_that_ends_with_its_gateway_is_ended_by_another()
    {
        Observe([_one, _other], Health.Down, seconds: 6);
        await ShareAsync();
        var opened = _one.Log.Recent[0].Id;

        Observe(_other, Health.Up, seconds: 11);
        _clock.Advance(IncidentReports.Silence);
        await _other.Reports.ShareAsync(_store, Token);

        Assert.Equal([(AlarmEvent.Closed, opened)], await _other.HeardAsync(1));
    }

    [Fact]
    public async Task While_the_database_is_away_each_gateway_alarms_and_the_table_learns_of_it_later()
    {
        _store.Instead = () => throw new Away();
        Observe([_one, _other], Health.Down, seconds: 6);
        await ShareAsync();
        Observe([_one, _other], Health.Up, seconds: 11);
        await ShareAsync();
        await ShareAsync();
        Assert.Empty(_store.Finished);

        _store.Instead = null;
        await ShareAsync();
        await ShareAsync();

        Assert.All([_one, _other], gateway => Assert.Equal(
            gateway.Log.Recent[0].Id, Assert.Single(_store.Finished, incident => incident.Id == gateway.Log.Recent[0].Id).Id));
        Assert.Equal([AlarmEvent.Opened, AlarmEvent.Closed], (await _one.HeardAsync(2)).Select(alarm => alarm.Event));
        Assert.Equal([AlarmEvent.Opened, AlarmEvent.Closed], (await _other.HeardAsync(2)).Select(alarm => alarm.Event));
    }

    [Fact]
    public async Task What_was_alarmed_alone_is_not_alarmed_again_when_the_database_is_back()
    {
        _store.Instead = () => throw new Away();
        Observe(_one, Health.Down, seconds: 6);
        await ShareAsync();

        _store.Instead = null;
        await ShareAsync();
        Observe(_one, Health.Up, seconds: 11);
        _clock.Advance(IncidentReports.Silence);
        await ShareAsync();

        Assert.Equal([AlarmEvent.Opened, AlarmEvent.Closed], (await _one.HeardAsync(2)).Select(alarm => alarm.Event));
        Assert.Single(_store.Finished);
    }

    private void Observe(Gateway gateway, Health health, int seconds, params string[] codes) =>
        Observe([gateway], health, seconds, codes);

    private void Observe(Gateway[] gateways, Health health, int seconds, params string[] codes)
    {
        for (var i = 0; i < seconds; i++)
        {
            var symptoms = codes.Select(code => new Symptom("books", health, code, "")).ToArray();
            foreach (var gateway in gateways)
            {
                gateway.Log.Observe(new(_clock.GetUtcNow(), [new("books", health, s_start, symptoms)]));
            }

            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private async Task ShareAsync()
    {
        foreach (var gateway in (Gateway[])[_one, _other])
        {
            try
            {
                await gateway.Reports.ShareAsync(_store, Token);
            }
            catch (Away)
            {
                gateway.Reports.RaiseAlone();
            }
        }
    }

    private sealed class Away : DbException;

    private sealed class Gateway
    {
        public Gateway() => Reports = new(Log, Bell.Bell);

        public IncidentLog Log { get; } = new();

        public TestBell Bell { get; } = new();

        public IncidentReports Reports { get; }

        public async Task<IReadOnlyList<(AlarmEvent Event, Guid Incident)>> HeardAsync(int count) =>
            [.. (await Bell.HeardAsync(count)).Select(alarm => (alarm.Event, alarm.Incident.Id))];
    }
}
