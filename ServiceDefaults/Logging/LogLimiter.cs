using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Lms.ServiceDefaults.Logging;

/// <summary>
/// Keeps frameworks from filling the log: without a silo or a server each call of the library fails in several of their
/// layers, with a stack trace in each. What the library says itself is not limited, nor is anything critical.
/// </summary>
public sealed class LogLimiter(IOptions<LogLimitOptions> options) : LoggingSampler
{
    private static readonly string[] s_limited = ["Orleans", "Polly", "StackExchange.Redis", "Npgsql", "Microsoft", "System", "ZiggyCreatures"];

    private readonly int _entries = options.Value.Entries;
    private ConcurrentDictionary<Kind, Counter> _counters = new();

    public override bool ShouldSample<TState>(in LogEntry<TState> logEntry)
    {
        if (logEntry.LogLevel == LogLevel.Critical || !IsLimited(logEntry.Category))
        {
            return true;
        }

        var kind = new Kind(logEntry.Category, logEntry.EventId.Id, TemplateOf(logEntry.State));
        return Volatile.Read(ref _counters).GetOrAdd(kind, static _ => new()).Next() <= _entries;
    }

    /// <summary>Begins another interval, and answers what the last one left out.</summary>
    public IEnumerable<(string Category, int Event, string Template, int Count)> TakeLeftOut() =>
        [
            .. Interlocked.Exchange(ref _counters, new())
                .Select(one => (one.Key.Category, one.Key.Event, one.Key.Template, one.Value.Count - _entries))
                .Where(one => one.Item4 > 0),
        ];

    private static bool IsLimited(string category) => s_limited.Any(prefix =>
        category.StartsWith(prefix, StringComparison.Ordinal) && (category.Length == prefix.Length || category[prefix.Length] == '.'));

    // Messages without a number are told apart by the text before the numbers and names are put in.
    private static string TemplateOf<TState>(TState state) =>
        state is IReadOnlyList<KeyValuePair<string, object?>> { Count: > 0 } values && values[^1] is { Key: "{OriginalFormat}", Value: string template }
            ? template
            : "";

    private sealed record Kind(string Category, int Event, string Template);

    private sealed class Counter
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public int Next() => Interlocked.Increment(ref _count);
    }
}

/// <summary>Says at the end of each interval what the limiter left out.</summary>
internal sealed partial class LogLimitReport(
    LogLimiter limiter, IOptions<LogLimitOptions> options, TimeProvider clock, ILogger<LogLimiter> logger) : BackgroundService
{
    private readonly PeriodicTimer _timer = new(options.Value.Interval, clock);

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(stoppingToken))
            {
                Report();
            }
        }
        finally
        {
            Report();
        }
    }

    private void Report()
    {
        foreach (var (category, number, template, count) in limiter.TakeLeftOut())
        {
            LogLeftOut(category, number, count, options.Value.Interval.TotalSeconds, template);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Category}[{Event}]: {Count} more like it in {Seconds} s: {Template}")]
    private partial void LogLeftOut(string category, int @event, int count, double seconds, string template);
}
