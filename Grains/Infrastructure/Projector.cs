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

    private const int MaxBatch = 500;

    /// <summary>With so many rows waiting, those wait too who need not: nobody writes faster than rows are shown.</summary>
    private const int Behind = 1000;

    private readonly Channel<(Projection Row, TaskCompletionSource Done)> _queue =
        Channel.CreateBounded<(Projection, TaskCompletionSource)>(
            new BoundedChannelOptions(20_000) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly ReadModelWriter _writer;
    private readonly ILogger<Projector> _logger;
    private readonly Counter<long> _failed;

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

    public async Task ProjectAsync(Projection row)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_queue.Writer.TryWrite((row, done)))
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
        var batch = new List<(Projection Row, TaskCompletionSource Done)>(MaxBatch);
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

    private async Task ApplyAsync(List<(Projection Row, TaskCompletionSource Done)> batch, CancellationToken cancellationToken)
    {
        try
        {
            await _writer.ApplyAsync([.. batch.Select(item => item.Row)], cancellationToken);
            batch.ForEach(item => item.Done.SetResult());
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The row of {Key} missed the read model; the reconciler will repair it")]
    private partial void LogMissed(Exception exception, string key);
}
