using System.Globalization;

namespace Lms.ApiFrontend.Journal;

/// <summary>
/// A file of records that only grows, which one process has at a time. Whoever waits for the disk waits together: one fsync
/// for all that came meanwhile.
/// </summary>
internal sealed partial class JournalFile : IDisposable
{
    public const string FileName = "returns.journal";

    private readonly JournalDisk _disk;
    private readonly FileStream _lock;
    private readonly FileStream _file;
    private readonly Lock _gate = new();
    private readonly long _head;
    private long _length;
    private List<Append> _waiting = [];
    private bool _isWriting;
    private bool _isTorn;

    private JournalFile(JournalDisk disk, FileStream @lock, FileStream file, JournalText text)
    {
        (_disk, _lock, _file, _length) = (disk, @lock, file, text.End);
        _head = JournalFormat.HeadLength + text.Records[0].Length;
        Records = text.Records;
    }

    /// <summary>What was there when the file was opened. The first record is the journal's head.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Records { get; }

    public long Length => Interlocked.Read(ref _length);

    /// <summary>There is nothing but the head.</summary>
    public bool IsEmpty => Length == _head;

    /// <summary>Opens the file in the folder, makes it if need be, and mends what a crash or the disk has broken.</summary>
    /// <param name="directory">Made if it is not there.</param>
    /// <param name="newHead">The first record of a new file.</param>
    /// <param name="disk">Writes what is appended.</param>
    /// <param name="now">Names what is set aside.</param>
    /// <param name="logger">Is told what was broken.</param>
    /// <exception cref="IOException">Another process has the folder, or the disk does not work.</exception>
    public static JournalFile Open(
        string directory, ReadOnlyMemory<byte> newHead, JournalDisk disk, DateTimeOffset now, ILogger logger)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, FileName);

        // The operating system gives the lock up when the process ends, however it ends.
        var @lock = Open(Path.Combine(directory, "returns.lock"));
        try
        {
            var text = JournalFormat.Read(File.Exists(path) ? File.ReadAllBytes(path) : default);
            if (text.IsBroken)
            {
                text = SetAside(path, text, newHead, now, logger);
            }

            var file = Open(path);
            try
            {
                return new(disk, @lock, file, Mended(file, text, newHead, logger));
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>Completes when the record will survive the loss of power; fails when nothing of it is kept.</summary>
    public Task AppendAsync(ReadOnlySpan<byte> record) => Enqueue(JournalFormat.Encode(record));

    /// <summary>Forgets everything but the head, in the order of the calls.</summary>
    public Task ClearAsync() => Enqueue(null);

    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
            _lock.Dispose();
        }
    }

    private static FileStream Open(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // who returned what is nobody's business
        }

        return new(path, options);
    }

    // The whole file is kept for whoever can read more of it; the records that can be read go on in a new one.
    private static JournalText SetAside(
        string path, JournalText text, ReadOnlyMemory<byte> newHead, DateTimeOffset now, ILogger logger)
    {
        var aside = $"{path}.broken-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture)}";
        var whole = path + ".new";
        File.Copy(path, aside, overwrite: true);
        using (var file = new FileStream(whole, FileMode.Create, FileAccess.Write))
        {
            foreach (var record in text.HasHead ? text.Records : [newHead, .. text.Records])
            {
                file.Write(JournalFormat.Encode(record.Span));
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(whole, path, overwrite: true);
        LogBroken(logger, aside, text.Records.Count);
        return JournalFormat.Read(File.ReadAllBytes(path));
    }

    private static JournalText Mended(FileStream file, JournalText text, ReadOnlyMemory<byte> newHead, ILogger logger)
    {
        if (file.Length > text.End)
        {
            LogTorn(logger, file.Length - text.End);
            file.SetLength(text.End);
            file.Flush(flushToDisk: true);
        }

        if (text.Records.Count > 0)
        {
            return text;
        }

        var head = JournalFormat.Encode(newHead.Span);
        RandomAccess.Write(file.SafeFileHandle, head, 0);
        RandomAccess.FlushToDisk(file.SafeFileHandle);
        return new([newHead], head.Length, IsBroken: false, HasHead: true);
    }

    private Task Enqueue(byte[]? bytes)
    {
        var append = new Append(bytes);
        lock (_gate)
        {
            _waiting.Add(append);
            if (!_isWriting)
            {
                _isWriting = true;
                _ = Task.Run(WriteWaiting);
            }
        }

        return append.Done.Task;
    }

    private void WriteWaiting()
    {
        while (true)
        {
            List<Append> group;
            lock (_gate)
            {
                if (_waiting.Count == 0)
                {
                    _isWriting = false;
                    return;
                }

                // All up to the first that clears, or that one alone.
                var clear = _waiting.FindIndex(append => append.Bytes is null);
                group = clear < 0 ? _waiting : _waiting[..Math.Max(1, clear)];
                _waiting = _waiting[group.Count..];
            }

            try
            {
                Write(group);
                group.ForEach(append => append.Done.SetResult());
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                group.ForEach(append => append.Done.SetException(exception));
            }
        }
    }

    private void Write(List<Append> group)
    {
        if (_isTorn)
        {
            // What an earlier write has left was promised to nobody.
            _file.SetLength(_length);
            _isTorn = false;
        }

        if (group[0].Bytes is null)
        {
            _file.SetLength(_head);
            Interlocked.Exchange(ref _length, _head);
            _file.Flush(flushToDisk: true);
            return;
        }

        byte[] bytes = [.. group.SelectMany(append => append.Bytes!)];
        _isTorn = true;
        _disk.Write(_file.SafeFileHandle, bytes, _length);
        _isTorn = false;
        Interlocked.Add(ref _length, bytes.Length);
    }

    /// <param name="Bytes">Null to clear the file.</param>
    private sealed record Append(byte[]? Bytes)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "The last {Bytes} bytes of the journal of returns were torn by a crash and are cut off; nobody was told that they are kept")]
    private static partial void LogTorn(ILogger logger, long bytes);

    [LoggerMessage(Level = LogLevel.Critical, Message =
        "The journal of returns is broken in the middle: accepted returns may be lost. It is set aside as {Path}; the {Count} records that can be read go on")]
    private static partial void LogBroken(ILogger logger, string path, int count);
}
