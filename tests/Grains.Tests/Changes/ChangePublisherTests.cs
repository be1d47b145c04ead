using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Lms.Grains.Abstractions.Changes;
using Lms.Grains.Changes;
using Lms.ReadModel.Genres;
using Lms.ReadModel.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lms.Grains.Tests.Changes;

/// <summary>What a silo tells the stream, and what becomes of it when the stream does not take it.</summary>
public sealed class ChangePublisherTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Reason, long Count)> _failed = new();
    private readonly FakeStream _stream = new();
    private readonly ChangePublisher _publisher;

    public ChangePublisherTests()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "lms.feed.failed" && instrument.Meter.Scope == meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) => _failed.Enqueue(((string)tags[0].Value!, count)));
        _listener.Start();
        _publisher = new(
            _stream, new Started(), TimeProvider.System, meters, NullLogger<ChangePublisher>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Failures_are_counted_from_zero() => Assert.Equal([("dropped", 0), ("stream", 0)], _failed);

    [Fact]
    public async Task What_was_committed_is_told_by_its_id()
    {
        _publisher.Publish(Genre("genre:prosa", 7), Any.Instant);

        await _publisher.StartAsync(Token);
        var batch = await _stream.TakeAsync();
        await _publisher.StopAsync(Token);

        Assert.Equal(new Change("genre", "prosa", 7, Any.Instant), Assert.Single(batch.Changes));
    }

    [Fact]
    public async Task Whose_key_is_an_address_is_not_told()
    {
        _publisher.Publish(new LoginRow { Key = "login:ana@example.org", RowVersion = 1, Username = "ana@example.org" }, Any.Instant);
        _publisher.Publish(Genre("genre:prosa", 1), Any.Instant);

        await _publisher.StartAsync(Token);
        var batch = await _stream.TakeAsync();
        await _publisher.StopAsync(Token);

        Assert.Equal("genre", Assert.Single(batch.Changes).Entity);
    }

    [Fact]
    public async Task Of_more_than_it_can_keep_the_oldest_are_forgotten_and_counted()
    {
        for (var i = 1; i <= ChangePublisher.Capacity + 3; i++)
        {
            _publisher.Publish(Genre("genre:prosa", i), Any.Instant);
        }

        await _publisher.StartAsync(Token);
        var batch = await _stream.TakeAsync();
        await _publisher.StopAsync(Token);

        Assert.Equal(4, batch.Changes[0].Version);
        Assert.Equal(3, _failed.Where(failed => failed.Reason == "dropped").Sum(failed => failed.Count));
    }

    [Fact]
    public async Task What_the_stream_does_not_take_is_counted_and_the_next_is_told()
    {
        _stream.Failures = 1;
        _publisher.Publish(Genre("genre:prosa", 1), Any.Instant);
        await _publisher.StartAsync(Token);
        await _stream.Failed.WaitAsync(Token);

        _publisher.Publish(Genre("genre:poesia", 1), Any.Instant);
        var batch = await _stream.TakeAsync();
        await _publisher.StopAsync(Token);

        Assert.Equal("poesia", batch.Changes[0].Id);
        Assert.Equal(1, _failed.Where(failed => failed.Reason == "stream").Sum(failed => failed.Count));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _publisher.Dispose();
        _services.Dispose();
    }

    private static GenreRow Genre(string key, long version) =>
        new() { Key = key, RowVersion = version, Folded = "prosa", Name = "Prosa", Retired = false, Version = 0 };

    private sealed class FakeStream() : ChangeStream(null!)
    {
        private readonly System.Threading.Channels.Channel<ChangeBatch> _taken =
            System.Threading.Channels.Channel.CreateUnbounded<ChangeBatch>();

        private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Failures { get; set; }

        public Task Failed => _failed.Task;

        public ValueTask<ChangeBatch> TakeAsync() => _taken.Reader.ReadAsync(Token);

        public override Task SendAsync(ChangeBatch batch)
        {
            if (Failures-- > 0)
            {
                _failed.TrySetResult();
                return Task.FromException(new TimeoutException());
            }

            return _taken.Writer.WriteAsync(batch, Token).AsTask();
        }
    }

    private sealed class Started : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => new(canceled: true);

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
