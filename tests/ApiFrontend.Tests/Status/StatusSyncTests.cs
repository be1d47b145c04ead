using System.Data.Common;
using Lms.ApiFrontend.Status;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Lms.ApiFrontend.Tests.Status;

public sealed class StatusSyncTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));
    private readonly TestBell _bell = new();
    private readonly IncidentLog _log = new();
    private readonly TestStore _store;
    private readonly RequestCounts _counts;
    private readonly SharedStatus _shared;
    private readonly StatusSync _sync;

    public StatusSyncTests()
    {
        (_store, _counts, _shared) = (new(_clock), new(_clock), new(_clock));
        _sync = new(_counts, new(_log, _bell.Bell), _shared, _clock, NullLogger<StatusSync>.Instance, _store);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _sync.Dispose();
        await _bell.DisposeAsync();
    }

    [Fact]
    public async Task What_is_counted_while_the_database_is_away_is_written_when_it_is_back()
    {
        _store.Instead = () => throw new Away();
        for (var minute = 0; minute < 10; minute++)
        {
            _counts.Add("books", RequestOutcome.Full);
            await _sync.SyncAsync(Token);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.False(_shared.IsAnswering);
        _store.Instead = null;
        await _sync.SyncAsync(Token);

        Assert.Equal(10, _store.Counts.Count);
        Assert.Empty(_counts.Unwritten());
        Assert.True(_shared.IsAnswering);
        Assert.Equal(10, _shared.Of("1h")!.Services["books"].Full);
    }

    [Fact]
    public async Task What_the_hour_has_the_month_has_at_once()
    {
        await _sync.SyncAsync(Token);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _counts.Add("books", RequestOutcome.Full);
        await _sync.SyncAsync(Token);
        Assert.All(Window.All, window => Assert.Equal(1, _shared.Of(window.Name)!.Services["books"].Full));

        _clock.Advance(TimeSpan.FromHours(2));
        await _sync.SyncAsync(Token);
        Assert.Empty(_shared.Of("1h")!.Services);
        Assert.Equal(1, _shared.Of("24h")!.Services["books"].Full);
        _clock.Advance(TimeSpan.FromDays(2));
        await _sync.SyncAsync(Token);
        Assert.Empty(_shared.Of("24h")!.Services);
        Assert.Equal(1, _shared.Of("30d")!.Services["books"].Full);
    }

    [Fact]
    public async Task A_write_whose_answer_is_lost_is_repeated_and_counts_once()
    {
        _counts.Add("books", RequestOutcome.Full);
        _store.AfterWrite = () => throw new Away();
        await _sync.SyncAsync(Token);
        Assert.Single(_counts.Unwritten());

        _store.AfterWrite = null;
        await _sync.SyncAsync(Token);

        Assert.Equal(1, Assert.Single(_store.Counts).Value.Full);
        Assert.Empty(_counts.Unwritten());
    }

    [Fact]
    public async Task A_database_that_hangs_is_given_up_and_alarms_ring_all_the_same()
    {
        _store.Instead = () => new TaskCompletionSource().Task;
        Unwell();

        var syncing = _sync.SyncAsync(Token);
        _clock.Advance(TimeSpan.FromSeconds(5));
        await syncing;

        Assert.Single(await _bell.HeardAsync(1));
        Assert.False(_shared.IsAnswering);
    }

    [Fact]
    public async Task Others_that_are_silent_for_half_a_minute_are_believed_no_more()
    {
        await _sync.SyncAsync(Token);
        _store.Instead = () => throw new Away();

        _clock.Advance(TimeSpan.FromSeconds(29));
        await _sync.SyncAsync(Token);
        Assert.True(_shared.IsAnswering);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_shared.IsAnswering);
    }

    [Fact]
    public async Task A_gateway_that_ends_writes_what_it_has()
    {
        _counts.Add("books", RequestOutcome.Full);

        await _sync.StopAsync(Token);

        Assert.Single(_store.Counts);
    }

    private void Unwell()
    {
        for (var i = 0; i < 7; i++)
        {
            _log.Observe(new(_clock.GetUtcNow(), [new("books", Health.Down, _clock.GetUtcNow(), [])]));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private sealed class Away : DbException;
}
