namespace Lms.Grains.Imports;

/// <summary>How much imports do at once on a silo: whoever is at the desk comes first.</summary>
/// <remarks>
/// One batch at a time, and of its records as many at once as each of them stays quick: a little more while they are, half as
/// many when one was not. A record passes through the same silos and the same storage as a lending, so when the one has to
/// wait, so has the other.
/// </remarks>
internal sealed class ImportPace(TimeProvider clock) : IDisposable
{
    /// <summary>What takes longer has waited for others.</summary>
    public static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(100);

    public const int Most = 64;

    private const double AtFirst = 8;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private double _limit = AtFirst;
    private int _running;
    private long _slowedAt;

    /// <summary>Records that may be under way together: 1 to <see cref="Most"/>.</summary>
    public int AtOnce => (int)Volatile.Read(ref _limit);

    /// <summary>Runs a batch once no other one runs.</summary>
    public async Task TakeTurnAsync(Func<Task> batch, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await batch();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Runs a record once it is among those that may be under way.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> record)
    {
        await EnterAsync();
        var started = clock.GetTimestamp();
        try
        {
            return await record();
        }
        finally
        {
            Leave(started);
        }
    }

    public void Dispose() => _turn.Dispose();

    private Task EnterAsync()
    {
        lock (_lock)
        {
            if (_running < AtOnce)
            {
                _running++;
                return Task.CompletedTask;
            }

            var place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(place);
            return place.Task;
        }
    }

    private void Leave(long started)
    {
        lock (_lock)
        {
            if (clock.GetElapsedTime(started) <= Quick)
            {
                _limit = Math.Min(Most, _limit + (1 / _limit));
            }
            else if (started >= _slowedAt)
            {
                // Once for all that were under way together: they waited for the same thing.
                _limit = Math.Max(1, _limit / 2);
                _slowedAt = clock.GetTimestamp();
            }

            _running--;
            while (_running < AtOnce && _waiting.TryDequeue(out var next))
            {
                _running++;
                next.SetResult();
            }
        }
    }
}
