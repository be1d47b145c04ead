using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Lms.Grains.Abstractions.Changes;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Infrastructure;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lms.Grains.Changes;

/// <summary>Where grains leave what they have committed, for whoever listens.</summary>
internal interface IChanges
{
    /// <summary>Returns at once and never fails.</summary>
    void Publish(Projection committed, DateTimeOffset at);
}

/// <summary>For silos without a feed.</summary>
internal sealed class NoChanges : IChanges
{
    public void Publish(Projection committed, DateTimeOffset at)
    {
    }
}

/// <summary>The stream, as this silo writes to it.</summary>
internal class ChangeStream(IClusterClient cluster)
{
    public virtual Task SendAsync(ChangeBatch batch) => cluster.GetStreamProvider(ChangeFeed.Provider)
        .GetStream<ChangeBatch>(StreamId.Create(ChangeFeed.StreamNamespace, ChangeFeed.StreamKey))
        .OnNextAsync(batch);
}

/// <summary>Tells the stream what this silo has committed. A stream that is slow or away costs no command anything.</summary>
internal sealed partial class ChangePublisher : BackgroundService, IChanges
{
    /// <summary>So many changes wait at most; then the oldest are forgotten, and counted.</summary>
    public const int Capacity = 10_000;

    private const int MaxBatch = 200;

    private readonly Channel<Change> _waiting;
    private readonly ChangeStream _stream;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _clock;
    private readonly ILogger<ChangePublisher> _logger;
    private readonly Counter<long> _failed;

    public ChangePublisher(
        ChangeStream stream,
        IHostApplicationLifetime lifetime,
        TimeProvider clock,
        IMeterFactory meters,
        ILogger<ChangePublisher> logger)
    {
        (_stream, _lifetime, _clock, _logger) = (stream, lifetime, clock, logger);
        _failed = meters.Create("lms").CreateCounter<long>(
            "lms.feed.failed", "{change}", "Changes that the feed did not tell.");
        Count(0, "dropped");
        Count(0, "stream");
        _waiting = Channel.CreateBounded<Change>(
            new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest },
            _ => Count(1, "dropped"));
    }

    public void Publish(Projection committed, DateTimeOffset at)
    {
        // The others are not known to clients, and the key of a sign-in is an e-mail address.
        if (ChangeFeed.Entities.Contains(committed.State))
        {
            var id = committed.Key[(committed.Key.IndexOf(':', StringComparison.Ordinal) + 1)..];
            _waiting.Writer.TryWrite(new(committed.State, id, committed.RowVersion, at));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _lifetime.StartedAsync(stoppingToken);
        var batch = new List<Change>(MaxBatch);
        while (!stoppingToken.IsCancellationRequested)
        {
            await WaitAsync(stoppingToken);
            batch.Clear();
            while (batch.Count < MaxBatch && _waiting.Reader.TryRead(out var change))
            {
                batch.Add(change);
            }

            try
            {
                await _stream.SendAsync(new([.. batch]));
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Count(batch.Count, "stream");
                LogFailed(exception, batch.Count);
                await Task.Delay(TimeSpan.FromSeconds(1), _clock, stoppingToken);
            }
        }
    }

    // Until there is a change, or long enough for a beat.
    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var beat = new CancellationTokenSource(ChangeFeed.Beat, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(beat.Token, cancellationToken);
        try
        {
            await _waiting.Reader.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
        }
    }

    private void Count(int changes, string reason) => _failed.Add(changes, new KeyValuePair<string, object?>("reason", reason));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The feed did not take {Changes} changes; they are not told")]
    private partial void LogFailed(Exception exception, int changes);
}
