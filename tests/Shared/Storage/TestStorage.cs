using System.Collections.Concurrent;
using System.Globalization;
using Lms.Grains.Infrastructure;
using Orleans.Storage;

namespace Lms.Grains.Tests;

/// <summary>
/// Storage in memory, one for all silos of a cluster, that fails or waits where a test tells it to. States go through the
/// serializer of the silos, so that what cannot be stored and read again shows.
/// </summary>
internal sealed class TestStorage(TimeProvider clock) : IGrainStorage, IStoredStates
{
    private readonly ConcurrentDictionary<(string State, string Key), Row> _rows = new();
    private readonly ConcurrentQueue<StoredWrite> _writes = new();
    private readonly List<Interruption> _interruptions = [];
    private readonly Lock _lock = new();

    /// <summary>That of the silos; known once the first of them has made its storage.</summary>
    public IGrainStorageSerializer Serializer { private get; set; } = null!;

    /// <summary>Every write that was stored, oldest first.</summary>
    public IReadOnlyCollection<StoredWrite> Writes => _writes;

    /// <summary>The next write, or one after it, does not come to its end.</summary>
    /// <param name="cut">How it ends.</param>
    /// <param name="state">Of which state name.</param>
    /// <param name="key">Of which grain; null for any.</param>
    /// <param name="skip">So many writes pass before.</param>
    public Interruption Interrupt(Cut cut, string state, string? key = null, int skip = 0) => cut switch
    {
        Cut.WriteFails => Interrupt(Moment.BeforeWrite, state, key, new IOException("The disk is gone."), skip),
        Cut.ReplyIsLost => Interrupt(Moment.AfterWrite, state, key, new TimeoutException("The reply is lost."), skip),
        Cut.Conflict => Interrupt(Moment.BeforeWrite, state, key, new InconsistentStateException("Somebody else wrote."), skip),
        _ => throw new ArgumentOutOfRangeException(nameof(cut)),
    };

    /// <summary>The next write breaks off; nothing is stored.</summary>
    public Interruption FailWrite(string state, string? key = null, Exception? exception = null) =>
        Interrupt(Moment.BeforeWrite, state, key, exception ?? new IOException("The disk is gone."));

    /// <summary>The next write is stored, and its caller hears this instead.</summary>
    public Interruption LoseReply(string state, Exception exception) =>
        Interrupt(Moment.AfterWrite, state, key: null, exception);

    /// <summary>The next write waits before it is stored.</summary>
    public Interruption HoldWrite(string state, string? key = null) => Interrupt(Moment.BeforeWrite, state, key);

    /// <summary>The next write is stored, and its answer waits.</summary>
    public Interruption HoldReply(string state, string? key = null) => Interrupt(Moment.AfterWrite, state, key);

    /// <summary>The next read waits.</summary>
    public Interruption HoldRead(string state, string? key = null) => Interrupt(Moment.BeforeRead, state, key);

    /// <summary>The next read breaks off, or one after it when some are to pass.</summary>
    public Interruption FailRead(string state, string? key = null, Exception? exception = null, int skip = 0) =>
        Interrupt(Moment.BeforeRead, state, key, exception ?? new IOException("The disk is gone."), skip);

    /// <summary>Nothing is interrupted any more, but for what is held already.</summary>
    public void Calm()
    {
        lock (_lock)
        {
            _interruptions.Clear();
        }
    }

    /// <summary>What is stored; null when nothing is.</summary>
    public TState? Find<TState>(string state, string key) where TState : class =>
        _rows.TryGetValue((state, key), out var row) && row.Payload is { } payload ? Serializer.Deserialize<TState>(payload) : null;

    /// <summary>Everything that is stored under a state name.</summary>
    public IEnumerable<(string Key, TState State)> All<TState>(string state) where TState : class =>
        _rows.Keys.Where(row => row.State == state).Select(row => (row.Key, Find<TState>(state, row.Key)!));

    /// <summary>Writes as another activation would, behind the back of the one that tests talk to.</summary>
    public void Overwrite<TState>(string state, string key, TState value) where TState : class =>
        _rows.AddOrUpdate(
            (state, key),
            _ => new(Serializer.Serialize(value), 1, clock.GetUtcNow()),
            (_, row) => new(Serializer.Serialize(value), row.Version + 1, clock.GetUtcNow()));

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = grainId.Key.ToString()!;
        try
        {
            await PassAsync(Moment.BeforeRead, stateName, key);
        }
        catch (Exception exception) when (StorageFaults.Of(exception) is { } fault)
        {
            // States are read before a grain can be called, so every storage of the library translates reads itself.
            throw fault;
        }

        var row = _rows.GetValueOrDefault((stateName, key));
        grainState.State = row?.Payload is { } payload
            ? Serializer.Deserialize<T>(payload)!
            : Activator.CreateInstance<T>();
        grainState.RecordExists = row?.Payload is not null;
        grainState.ETag = row?.ETag;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = grainId.Key.ToString()!;
        var payload = Serializer.Serialize(grainState.State);
        await PassAsync(Moment.BeforeWrite, stateName, key);
        var row = Store(stateName, key, grainState.ETag, payload);
        await PassAsync(Moment.AfterWrite, stateName, key);
        (grainState.ETag, grainState.RecordExists) = (row.ETag, true);
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = grainId.Key.ToString()!;
        await PassAsync(Moment.BeforeWrite, stateName, key);
        var row = Store(stateName, key, grainState.ETag, payload: null);
        await PassAsync(Moment.AfterWrite, stateName, key);
        (grainState.State, grainState.ETag, grainState.RecordExists) = (Activator.CreateInstance<T>(), row.ETag, false);
    }

    public Task<IReadOnlyList<StoredVersion>> GetVersionsAsync(string stateName, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StoredVersion>>(
        [
            .. _rows.Where(row => row.Key.State == stateName && row.Value.Payload is not null)
                .Select(row => new StoredVersion(row.Key.Key, row.Value.Version, row.Value.WrittenAt)),
        ]);

    public Task<StoredState?> FindAsync(string stateName, string key, CancellationToken cancellationToken) =>
        Task.FromResult(_rows.TryGetValue((stateName, key), out var row) && row.Payload is { } payload
            ? new StoredState(row.Version, payload)
            : null);

    public IAsyncEnumerable<StoredRow> ReadAllAsync(CancellationToken cancellationToken) =>
        _rows.Select(row => new StoredRow(
            0, 0, 0, 0, row.Key.State, row.Key.Key, "lms", row.Value.Payload, row.Value.WrittenAt, row.Value.Version))
            .ToAsyncEnumerable();

    public IAsyncEnumerable<StoredRow> ReadAsync(IReadOnlyCollection<string> stateNames, CancellationToken cancellationToken) =>
        ReadAllAsync(cancellationToken).Where(row => stateNames.Contains(row.StateName));

    private Row Store(string state, string key, string? etag, BinaryData? payload)
    {
        lock (_lock)
        {
            var stored = _rows.GetValueOrDefault((state, key));
            if (stored?.ETag != etag)
            {
                throw new InconsistentStateException($"{state} of {key} was written meanwhile.", stored?.ETag ?? "", etag ?? "");
            }

            var row = new Row(payload, (stored?.Version ?? 0) + 1, clock.GetUtcNow());
            _rows[(state, key)] = row;
            _writes.Enqueue(new(state, key, row.Version));
            return row;
        }
    }

    private Interruption Interrupt(Moment moment, string state, string? key, Exception? exception = null, int skip = 0)
    {
        var interruption = new Interruption(moment, state, key, exception, skip);
        lock (_lock)
        {
            _interruptions.Add(interruption);
        }

        return interruption;
    }

    private Task PassAsync(Moment moment, string state, string key)
    {
        Interruption? interruption;
        lock (_lock)
        {
            interruption = _interruptions.Find(candidate => candidate.Is(moment, state, key));
            if (interruption is not null)
            {
                _interruptions.Remove(interruption);
            }
        }

        return interruption is null ? Task.CompletedTask : interruption.StrikeAsync(key);
    }

    private sealed record Row(BinaryData? Payload, long Version, DateTimeOffset WrittenAt)
    {
        public string ETag => Version.ToString(CultureInfo.InvariantCulture);
    }
}

/// <param name="State">The state's name.</param>
/// <param name="Key">The grain's key.</param>
/// <param name="Version">The row version that the write made.</param>
internal sealed record StoredWrite(string State, string Key, long Version);

internal enum Moment
{
    BeforeRead,
    BeforeWrite,
    AfterWrite,
}

/// <summary>Strikes once: fails what it meets, or holds it until it is released.</summary>
internal sealed class Interruption(Moment moment, string state, string? key, Exception? exception, int skip)
{
    private int _toPass = skip;
    private readonly TaskCompletionSource<string> _struck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it has met what it was waiting for, with the key of the grain.</summary>
    public Task<string> Struck => _struck.Task;

    public void Release() => _released.SetResult();

    /// <summary>True when it is to strike now; one that it lets pass counts.</summary>
    public bool Is(Moment at, string stateName, string grainKey) =>
        at == moment && stateName == state && (key is null || key == grainKey) && _toPass-- <= 0;

    public Task StrikeAsync(string grainKey)
    {
        _struck.SetResult(grainKey);
        return exception is null ? _released.Task : Task.FromException(exception);
    }
}
