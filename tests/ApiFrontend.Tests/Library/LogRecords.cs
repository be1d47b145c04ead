using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Lms.ApiFrontend.Tests.Library;

internal sealed record LogRecord(LogLevel Level, string Category, string? Event, Exception? Exception, string Text);

/// <summary>What a gateway has logged. Its words matter only for what must not be among them.</summary>
internal sealed class LogRecords : ILoggerProvider
{
    private readonly ConcurrentQueue<LogRecord> _records = new();

    public IEnumerable<LogRecord> Errors => _records.Where(record => record.Level >= LogLevel.Error);

    public IReadOnlyList<LogRecord> All => [.. _records];

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
            records.Enqueue(new(logLevel, category, eventId.Name, exception, formatter(state, exception)));
    }
}
