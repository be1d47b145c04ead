using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Journal;

/// <summary>
/// Returns that this gateway has accepted and that the library does not know yet. What is in here is on disk; what was
/// carried out is remembered for a while, so that it can be asked for.
/// </summary>
internal sealed partial class ReturnJournal(
    IOptions<JournalOptions> options, JournalDisk disk, JournalMetrics metrics, TimeProvider clock, ILogger<ReturnJournal> logger)
    : IDisposable
{
    /// <summary>Of a file beyond this length everything that is done is forgotten as soon as nothing waits.</summary>
    private const long MaxLength = 16 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly OrderedDictionary<Guid, JournaledReturn> _returns = [];
    private JournalFile? _file;
    private string? _refusal;

    /// <summary>Returns can be accepted for later.</summary>
    public bool IsOn
    {
        get
        {
            lock (_lock)
            {
                return _file is not null && !IsFull;
            }
        }
    }

    /// <summary>Made with the journal and kept in it; null while there is none.</summary>
    public string? Name { get; private set; }

    /// <summary>Returns that wait.</summary>
    public int Depth => Pending.Count;

    /// <summary>When the oldest of them was accepted; null when none waits.</summary>
    public DateTimeOffset? Oldest => Pending is [var oldest, ..] ? oldest.Entry.At : null;

    /// <summary>Returns that wait, oldest first.</summary>
    public IReadOnlyList<JournaledReturn> Pending
    {
        get
        {
            lock (_lock)
            {
                return [.. _returns.Values.Where(one => one.IsStored && one.Outcome is null)];
            }
        }
    }

    // The caller has the lock.
    private bool IsFull =>
        _returns.Values.Count(one => one.Outcome is null) >= options.Value.MaxEntries
        || (_returns.Values.FirstOrDefault(one => one.Outcome is null) is { } oldest
            && clock.GetUtcNow() - oldest.Entry.At > options.Value.MaxAge);

    /// <summary>Opens the journal, if there is to be one. False when that must be tried again.</summary>
    public bool TryOpen()
    {
        if (_file is not null || string.IsNullOrWhiteSpace(options.Value.Directory))
        {
            return true;
        }

        JournalFile? file = null;
        try
        {
            var head = new JournalRecord(Name: Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))).ToBytes();
            file = JournalFile.Open(options.Value.Directory, head, disk, clock.GetUtcNow(), logger);
            Remember(file);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            // Said once: the process before this one may need some time to end.
            if (_refusal != exception.Message)
            {
                _refusal = exception.Message;
                LogUnusable(exception);
            }

            file?.Dispose();
            return false;
        }
    }

    /// <summary>Keeps a return. Null when that is not possible, and then nothing is kept; what is known already is kept once.</summary>
    public async Task<JournaledReturn?> AcceptAsync(JournalEntry entry)
    {
        JournaledReturn? one;
        var isNew = false;
        lock (_lock)
        {
            if (_file is null)
            {
                return null;
            }

            if (!_returns.TryGetValue(entry.Operation, out one))
            {
                if (IsFull)
                {
                    metrics.Refused();
                    LogFull();
                    return null;
                }

                one = new(entry, _file.AppendAsync(new JournalRecord(Accepted: entry).ToBytes()));
                _returns.Add(entry.Operation, one);
                isNew = true;
            }
        }

        try
        {
            await one.Stored;
            if (isNew)
            {
                metrics.Accepted();
            }

            return one;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            if (isNew)
            {
                lock (_lock)
                {
                    _returns.Remove(entry.Operation);
                }

                LogUnwritten(exception);
            }

            metrics.Refused();
            return null;
        }
    }

    /// <summary>Null for what this journal does not know, or no longer.</summary>
    public JournaledReturn? Find(Guid operation)
    {
        lock (_lock)
        {
            return _returns.GetValueOrDefault(operation) is { IsStored: true } one ? one : null;
        }
    }

    /// <summary>Notes what became of a return; throws <see cref="IOException"/> when that could not be kept.</summary>
    public async Task DecideAsync(JournaledReturn one, JournalOutcome outcome)
    {
        await _file!.AppendAsync(new JournalRecord(Decided: outcome).ToBytes());
        one.Outcome = outcome;
        metrics.Decided(outcome.State);
    }

    /// <summary>Forgets what was carried out long ago, and the file when nothing waits.</summary>
    public async Task ForgetAsync()
    {
        Task cleared;
        lock (_lock)
        {
            var since = clock.GetUtcNow() - options.Value.MaxAge;
            var waits = _returns.Values.Any(one => one.Outcome is null);
            var isLong = !waits && _file?.Length > MaxLength;
            foreach (var old in _returns.Values.Where(one => isLong || one.Outcome?.At < since).ToList())
            {
                _returns.Remove(old.Entry.Operation);
            }

            // In the lock: whatever is accepted from here on comes after it in the file.
            cleared = _returns.Count == 0 && _file is { IsEmpty: false } file ? file.ClearAsync() : Task.CompletedTask;
        }

        await cleared;
    }

    public void Dispose() => _file?.Dispose();

    private void Remember(JournalFile file)
    {
        var records = file.Records.Select(JournalRecord.Of).ToList();
        lock (_lock)
        {
            foreach (var record in records)
            {
                if (record.Accepted is { } entry)
                {
                    _returns.TryAdd(entry.Operation, new(entry, Task.CompletedTask));
                }
                else if (record.Decided is { } outcome && _returns.TryGetValue(outcome.Operation, out var one))
                {
                    one.Outcome = outcome;
                }
            }

            Name = records[0].Name
                ?? throw new JsonException("The journal of returns has lost its name.");
            _file = file;
        }

        LogOpened(Name, Depth);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Journal of returns {Name} is open; {Depth} returns wait")]
    private partial void LogOpened(string name, int depth);

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal of returns cannot be used; it is tried again")]
    private partial void LogUnusable(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A return could not be kept for later and was refused")]
    private partial void LogUnwritten(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal of returns is full or has waited for too long; a return was refused")]
    private partial void LogFull();
}

/// <summary>A return that was accepted for later, and what has become of it.</summary>
internal sealed class JournaledReturn(JournalEntry entry, Task stored)
{
    private volatile JournalOutcome? _outcome;

    public JournalEntry Entry => entry;

    public Task Stored => stored;

    public bool IsStored => stored.IsCompletedSuccessfully;

    /// <summary>Null while it waits.</summary>
    public JournalOutcome? Outcome
    {
        get => _outcome;
        set => _outcome = value;
    }
}
