using System.Collections.Concurrent;
using Lms.ServiceDefaults;
using Lms.ServiceDefaults.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Lms.Grains.Tests.Infrastructure;

/// <summary>What a process logs when its frameworks have much to say.</summary>
public sealed class LogLimiterTests : IAsyncLifetime
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _clock = new();
    private readonly Records _records = new();
    private readonly IHost _host;

    public LogLimiterTests()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<TimeProvider>(_clock);
        builder.AddServiceDefaults();
        builder.Logging.AddProvider(_records);
        _host = builder.Build();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _host.StartAsync(Token);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }

    [Theory]
    [InlineData("Orleans.Messaging")]
    [InlineData("Polly")]
    [InlineData("Npgsql.Connection")]
    public async Task Of_many_alike_twenty_are_written_and_the_others_are_counted(string category)
    {
        Log(category, LogLevel.Error, "Silo {Silo} is gone", times: 50);

        Assert.Equal(20, _records.Of(category).Count());
        Assert.Contains("30 more like it in 10 s: Silo {Silo} is gone", await NextReportAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_interval_begins_anew()
    {
        Log("Polly", LogLevel.Error, "Retry {Number}", times: 21);
        await NextReportAsync();

        Log("Polly", LogLevel.Error, "Retry {Number}", times: 1);

        Assert.Equal(21, _records.Of("Polly").Count());
    }

    [Fact]
    public void One_message_does_not_silence_another()
    {
        Log("Orleans.Runtime", LogLevel.Error, "One {Number}", times: 30);
        Log("Orleans.Runtime", LogLevel.Error, "Other {Number}", times: 1);

        Assert.Equal(21, _records.Of("Orleans.Runtime").Count());
    }

    [Theory]
    [InlineData("Lms.Silo.Cluster.RedisMembership", LogLevel.Warning)]
    [InlineData("OrleansOfOurs", LogLevel.Error)]
    [InlineData("Orleans.Messaging", LogLevel.Critical)]
    public void What_the_library_says_and_what_is_critical_is_not_limited(string category, LogLevel level)
    {
        Log(category, level, "Something {Number}", times: 50);

        Assert.Equal(50, _records.Of(category).Count());
    }

    private void Log(string category, LogLevel level, string template, int times)
    {
        var logger = _host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category);
        for (var number = 0; number < times; number++)
        {
#pragma warning disable CA1848, CA1873, CA2254 // the templates are what is tested
            logger.Log(level, template, number);
#pragma warning restore CA1848, CA1873, CA2254
        }
    }

    private async Task<string> NextReportAsync()
    {
        _clock.Advance(s_interval);
        return await _records.Reported.Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Token);
    }

    private sealed class Records : ILoggerProvider
    {
        private readonly ConcurrentQueue<(string Category, string Message)> _entries = new();

        public TaskCompletionSource<string> Reported { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IEnumerable<string> Of(string category) =>
            _entries.Where(entry => entry.Category == category).Select(entry => entry.Message);

        public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Recorder(Records records, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                var message = formatter(state, exception);
                records._entries.Enqueue((category, message));
                if (category == typeof(LogLimiter).FullName)
                {
                    records.Reported.TrySetResult(message);
                }
            }
        }
    }
}
