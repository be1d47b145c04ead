using Lms.Grains.Imports;
using Microsoft.Extensions.Time.Testing;

namespace Lms.Grains.Tests.Imports;

public sealed class ImportPaceTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ImportPace _pace;

    public ImportPaceTests() => _pace = new(_clock);

    [Fact]
    public async Task What_is_more_than_may_be_under_way_waits()
    {
        var limit = _pace.AtOnce;
        var records = Begin(limit + 3);

        Assert.Equal(limit, records.Count(record => record.HasBegun));
        records[0].End();
        await Eventually(() => records.Count(record => record.HasBegun) > limit);

        records.ForEach(record => record.End());
        await Task.WhenAll(records.Select(record => record.Done));
    }

    [Fact]
    public async Task Quick_records_let_more_be_under_way_up_to_the_most()
    {
        var before = _pace.AtOnce;
        await RunAsync(20, TimeSpan.FromMilliseconds(10));
        Assert.InRange(_pace.AtOnce, before + 1, ImportPace.Most - 1);

        await RunAsync(10_000, ImportPace.Quick);
        Assert.Equal(ImportPace.Most, _pace.AtOnce);
    }

    [Fact]
    public async Task Slow_records_that_were_under_way_together_halve_it_once()
    {
        var before = _pace.AtOnce;
        var records = Begin(before);
        _clock.Advance(ImportPace.Quick * 2);
        records.ForEach(record => record.End());
        await Task.WhenAll(records.Select(record => record.Done));

        Assert.Equal(before / 2, _pace.AtOnce);
    }

    [Fact]
    public async Task However_slow_one_is_always_under_way()
    {
        await RunAsync(20, TimeSpan.FromMinutes(1));

        Assert.Equal(1, _pace.AtOnce);
    }

    [Fact]
    public async Task A_record_that_fails_gives_its_place_to_the_next()
    {
        var records = Begin(_pace.AtOnce + 1);
        records[0].Fail();
        await Assert.ThrowsAsync<InvalidOperationException>(() => records[0].Done);

        await Eventually(() => records[^1].HasBegun);
        records[1..].ForEach(record => record.End());
        await Task.WhenAll(records[1..].Select(record => record.Done));
    }

    [Fact]
    public async Task One_batch_runs_at_a_time()
    {
        var first = new TaskCompletionSource();
        var hasBegun = false;
        var one = _pace.TakeTurnAsync(() => first.Task, TestContext.Current.CancellationToken);
        var other = _pace.TakeTurnAsync(
            () =>
            {
                hasBegun = true;
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);

        Assert.False(hasBegun);
        first.SetResult();
        await Task.WhenAll(one, other);
        Assert.True(hasBegun);
    }

    public void Dispose() => _pace.Dispose();

    private static async Task Eventually(Func<bool> holds)
    {
        for (var tries = 0; !holds() && tries < 1000; tries++)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.True(holds());
    }

    private List<Record> Begin(int count) => [.. Enumerable.Range(0, count).Select(_ => new Record(_pace))];

    private async Task RunAsync(int count, TimeSpan each)
    {
        for (var number = 0; number < count; number++)
        {
            await _pace.RunAsync(() =>
            {
                _clock.Advance(each);
                return Task.FromResult(true);
            });
        }
    }

    private sealed class Record
    {
        private readonly TaskCompletionSource<bool> _end = new();

        public Record(ImportPace pace) => Done = pace.RunAsync(() =>
        {
            HasBegun = true;
            return _end.Task;
        });

        public bool HasBegun { get; private set; }

        public Task<bool> Done { get; }

        public void End() => _end.TrySetResult(true);

        public void Fail() => _end.SetException(new InvalidOperationException("A record that fails."));
    }
}
