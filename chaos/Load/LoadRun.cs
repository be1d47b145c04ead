using System.Diagnostics;

namespace Lms.Chaos.Load;

/// <summary>
/// A load that flows: requests are sent at their instants, whatever became of those before, and latencies count from the
/// instants. So a library that stands still for a second shows a second's worth of slow answers, and not one.
/// </summary>
public sealed class LoadRun : IAsyncDisposable
{
    private readonly LoadOptions _options;
    private readonly Client _client;
    private readonly Workload _workload;
    private readonly Samples _samples;
    private readonly ManualResetEventSlim _stop = new();
    private readonly DateTimeOffset _startedAt = TimeProvider.System.GetUtcNow();
    private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One is for the sender itself.
    private int _inFlight = 1;

    private LoadRun(LoadOptions options, Client client, Workload workload)
    {
        (_options, _client, _workload, _samples) = (options, client, workload, new Samples(options));

        // A thread of its own: those of the pool have answers to read.
        new Thread(Send) { IsBackground = true, Name = "sender", Priority = ThreadPriority.AboveNormal }.Start();
        Completion = CompleteAsync();
    }

    /// <summary>When all is sent, answered and read back.</summary>
    public Task<LoadResult> Completion { get; }

    /// <summary>The ISBNs of the load's own books.</summary>
    public IReadOnlyList<string> Books => [.. _workload.Books.Select(book => book.Isbn)];

    /// <summary>Reads one of the books once, beside the load; true when the library answered with it.</summary>
    public async Task<bool> TryReadAsync(CancellationToken cancellationToken)
    {
        var call = new Call("book", HttpMethod.Get, $"/api/books/{_workload.Books[0].Isbn}");
        return (await _client.SendAsync(call, cancellationToken)).Answer is { IsSuccess: true, IsDegraded: false };
    }

    /// <summary>Makes books and readers, and lets the load flow.</summary>
    public static async Task<LoadRun> StartAsync(LoadOptions options, CancellationToken cancellationToken = default)
    {
        var client = new Client(options.Urls);
        try
        {
            return new(options, client, await Preparation.PrepareAsync(options, client, cancellationToken));
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>A whole load. Cancellation ends the sending, not the answer.</summary>
    public static async Task<LoadResult> RunAsync(LoadOptions options, CancellationToken cancellationToken = default)
    {
        await using var run = await StartAsync(options, cancellationToken);
        await using var stop = cancellationToken.Register(run._stop.Set);
        return await run.Completion;
    }

    /// <summary>Sends nothing more, waits for answers and reads back what was acknowledged.</summary>
    public Task<LoadResult> FinishAsync()
    {
        _stop.Set();
        return Completion;
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Set();
        await _drained.Task;
        await Completion.ContinueWith(_ => { }, TaskScheduler.Default);
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task<LoadResult> CompleteAsync()
    {
        await _sent.Task;
        await _drained.Task;
        var writes = await new ReadBack(_options, _workload, _client).RunAsync();
        return _samples.Result(_startedAt, _client.Retried, _workload.Repeated, writes);
    }

    private void Send()
    {
        try
        {
            var arrivals = Arrivals.Of(_options);
            var start = Stopwatch.GetTimestamp();
            foreach (var at in arrivals)
            {
                if (!WaitUntil(start, at))
                {
                    break;
                }

                var call = _workload.Next();
                if (Volatile.Read(ref _inFlight) > _options.MaxInFlight)
                {
                    var answer = Answer.Failed(Answer.Overrun, "");
                    call.Settle(answer);
                    _samples.Add(at, TimeSpan.Zero, TimeSpan.Zero, call, answer, null);
                    continue;
                }

                Interlocked.Increment(ref _inFlight);
                _ = Task.Run(() => SendAsync(start, at, call));
            }

            _sent.SetResult();
        }
        catch (Exception exception)
        {
            _sent.SetException(exception);
        }
        finally
        {
            Land();
        }
    }

    private async Task SendAsync(long start, TimeSpan at, Call call)
    {
        try
        {
            var lag = Stopwatch.GetElapsedTime(start) - at;
            var time = call.IsAtDesk && _options.DeskTimeout is { } desk ? desk : _options.Timeout;
            if (lag >= time)
            {
                var late = Answer.Failed(Answer.Overrun, "");
                call.Settle(late);
                _samples.Add(at, lag, lag, call, late, null);
                return;
            }

            using var timeout = new CancellationTokenSource(time - lag);
            var (answer, url) = await _client.SendAsync(call, timeout.Token);
            var latency = Stopwatch.GetElapsedTime(start) - at;
            call.Settle(answer);
            _samples.Add(at, lag, latency, call, answer, url);
        }
        catch (Exception exception)
        {
            // An answer that nobody foresaw is a fault of the library, or of this program: never of nobody.
            _samples.Add(at, TimeSpan.Zero, TimeSpan.Zero, call, Answer.Failed("unreadable answer", exception.Message), null);
        }
        finally
        {
            Land();
        }
    }

    private void Land()
    {
        if (Interlocked.Decrement(ref _inFlight) == 0)
        {
            _drained.SetResult();
        }
    }

    /// <summary>False when the load was stopped meanwhile.</summary>
    private bool WaitUntil(long start, TimeSpan at)
    {
        while (true)
        {
            var left = at - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                return !_stop.IsSet;
            }

            // Waits end up to a millisecond late; the rest of the time is not worth a busy processor.
            if (_stop.Wait(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds))))
            {
                return false;
            }
        }
    }
}
