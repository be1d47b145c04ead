using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Lms.ApiFrontend.Tests.Library;

internal sealed record LogRecord(LogLevel Level, string Category, Exception? Exception);

/// <summary>What a gateway has logged: how bad, by whom and about what; never in which words.</summary>
internal sealed class LogRecords : ILoggerProvider
{
    private readonly ConcurrentQueue<LogRecord> _records = new();

    public IEnumerable<LogRecord> Errors => _records.Where(record => record.Level >= LogLevel.Error);

    public void Clear() => _records.Clear();

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _records);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<LogRecord> records) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            records.Enqueue(new(logLevel, category, exception));
    }
}
