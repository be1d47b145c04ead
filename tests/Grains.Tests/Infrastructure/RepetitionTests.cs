using System.Collections.Concurrent;
using Lms.ServiceDefaults;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Lms.Grains.Tests.Infrastructure;

/// <summary>What is repeated for as long as a process lives is not ended by one time.</summary>
public sealed class RepetitionTests
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_time_that_fails_is_an_error_in_the_log_and_the_next_one_comes()
    {
        var (clock, logger) = (new FakeTimeProvider(), new Lines());
        using var timer = new PeriodicTimer(s_period, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var times = new SemaphoreSlim(0);
        var faults = new Queue<Exception>([new TaskCanceledException(), new InvalidOperationException("Nobody thought of it.")]);
        var repeating = timer.RepeatAsync(
            _ =>
            {
                times.Release();
                return faults.TryDequeue(out var fault) ? Task.FromException(fault) : Task.CompletedTask;
            },
            logger,
            stop.Token);

        for (var time = 0; time < 3; time++)
        {
            clock.Advance(s_period);
            Assert.True(await times.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => repeating);
        Assert.Equal([LogLevel.Error, LogLevel.Error], logger.Levels);
    }

    [Fact]
    public async Task Once_is_an_error_in_the_log_too_and_only_who_stops_hears_of_it()
    {
        var logger = new Lines();
        await Repetition.OnceAsync(_ => Task.FromException(new TaskCanceledException()), logger, Cancellation);
        Assert.Equal([LogLevel.Error], logger.Levels);

        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Repetition.OnceAsync(token => Task.FromCanceled(token), logger, stop.Token));
        Assert.Single(logger.Levels);
    }

    private sealed class Lines : ILogger
    {
        public ConcurrentQueue<LogLevel> Levels { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Levels.Enqueue(logLevel);
    }
}
