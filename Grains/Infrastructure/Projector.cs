using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Lms.ReadModel.Infrastructure;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lms.Grains.Infrastructure;

/// <summary>Brings committed states of this silo into the read model, many in one transaction.</summary>
/// <remarks>
/// A command waits for its projection so that a client who writes and then lists sees the write, but never longer than
/// <see cref="Patience"/>, and never fails because of it: the <see cref="Reconciler"/> repairs what was missed.
/// </remarks>
internal sealed partial class Projector : BackgroundService
{
    /// <summary>How long a command waits to be seen in lists.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>Few, for who is next waits for all of them.</summary>
    private const int MaxBatch = 100;

    /// <summary>With so many rows waiting, those wait too who need not: nobody writes faster than rows are shown.</summary>
    private const int Behind = 1000;

    private const int MaxWaiting = 20_000;

    private readonly Channel<Waiting> _queue = Channel.CreateUnboundedPrioritized(
        new UnboundedPrioritizedChannelOptions<Waiting> { SingleReader = true, Comparer = Comparer<Waiting>.Create(Waiting.Compare) });

    private readonly ReadModelWriter _writer;
    private readonly ILogger<Projector> _logger;
    private readonly Counter<long> _failed;
    private long _number;

    public Projector(ReadModelWriter writer, IMeterFactory meters, ILogger<Projector> logger)
    {
        _writer = writer;
        _logger = logger;
        _failed = meters.Create("lms").CreateCounter<long>("lms.projection.failed", "{row}", "Rows left to the reconciler.");
        _failed.Add(0);
    }

    /// <summary>True when so many rows wait that every command had better wait with them.</summary>
    public bool IsBehind => _queue.Reader.Count > Behind;

    /// <summary>True when rows were missed since the last time this was asked.</summary>
    public bool TakeMissed() => Interlocked.Exchange(ref _missed, 0) != 0;

    private int _missed;

    /// <param name="row">What the state looks like now.</param>
    /// <param name="isListed">Somebody may look at once: it goes before those of which that is not so.</param>
    public async Task ProjectAsync(Projection row, bool isListed)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = new Waiting(row, done, isListed, Interlocked.Increment(ref _number));
        if (_queue.Reader.Count >= MaxWaiting || !_queue.Writer.TryWrite(waiting))
        {
            Missed(1);
            return;
        }

        // Suppressed: a failed projection is counted where it fails, and a slow one is not the command's concern.
        await done.Task.WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    /// <summary>What waits is still projected, for nobody else knows of it.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        if (ExecuteTask is { } running)
        {
            await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Waiting>(MaxBatch);
        await foreach (var first in _queue.Reader.ReadAllAsync(stoppingToken))
        {
            batch.Add(first);
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var next))
            {
                batch.Add(next);
            }

            await ApplyAsync(batch, stoppingToken);
            batch.Clear();
        }
    }

    private async Task ApplyAsync(List<Waiting> batch, CancellationToken cancellationToken)
    {
        try
        {
            await _writer.ApplyAsync([.. batch.Select(item => item.Row)], cancellationToken);
            batch.ForEach(item => item.Done.SetResult());
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (batch.Count > 1)
            {
                // One bad row must not take the others with it.
                foreach (var item in batch)
                {
                    await ApplyAsync([item], cancellationToken);
                }

                return;
            }

            Missed(1);
            LogMissed(exception, batch[0].Row.Key);
            batch[0].Done.SetException(exception);
        }
    }

    private void Missed(int rows)
    {
        _failed.Add(rows);
        Interlocked.Exchange(ref _missed, 1);
    }

    private readonly record struct Waiting(Projection Row, TaskCompletionSource Done, bool IsListed, long Number)
    {
        public static int Compare(Waiting one, Waiting other) => one.IsListed == other.IsListed
            ? one.Number.CompareTo(other.Number)
            : one.IsListed ? -1 : 1;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The row of {Key} missed the read model; the reconciler will repair it")]
    private partial void LogMissed(Exception exception, string key);
}
