using System.Collections.Concurrent;
using System.Collections.Frozen;
using Lms.Grains.Abstractions.Changes;
using Orleans.Streams;

namespace Lms.ApiFrontend.Changes;

/// <summary>The one subscription of this gateway, for all its clients. Needs no silo to start, and tries for ever.</summary>
/// <remarks>
/// A stream can stop without an error, so nothing is believed but what is heard: silos beat, and one that is not heard for
/// <see cref="Silence"/> makes a gap and a new subscription.
/// </remarks>
internal sealed partial class LiveChanges(Func<IClusterClient?> client, TimeProvider clock, ILogger<LiveChanges> logger)
    : BackgroundService, IAsyncObserver<ChangeBatch>
{
    /// <summary>Without a beat for so long, changes are taken to be missed.</summary>
    public static readonly TimeSpan Silence = 4 * ChangeFeed.Beat;

    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>A gateway that stops does not wait longer for a cluster that may be gone.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<ChangeListener, bool> _listeners = new();
    private readonly Lock _lock = new();
    private long _heardAt;

    /// <summary>Changes are being told.</summary>
    public bool IsLive { get; private set; }

    public ChangeListener Listen(IEnumerable<string> entities)
    {
        var listener = new ChangeListener(
            entities.ToFrozenSet(StringComparer.Ordinal), left => _listeners.TryRemove(left, out _));
        _listeners[listener] = true;
        return listener;
    }

    public Task OnNextAsync(ChangeBatch item, StreamSequenceToken? token = null)
    {
        Volatile.Write(ref _heardAt, clock.GetTimestamp());
        SetLive(true);
        foreach (var change in item.Changes)
        {
            Tell(Frame.Of(change));
        }

        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex)
    {
        LogLost(ex);
        SetLive(false);
        return Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var heartbeat = clock.CreateTimer(_ => Tell(Frame.Heartbeat), state: null, Heartbeat, Heartbeat);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogLost(exception);
            }

            SetLive(false);
            await Task.Delay(s_pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Until nothing is heard any more, or the gateway stops.
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        // Asked for each time: a client that could not connect may have been replaced by another.
        var cluster = client()
            ?? throw new InvalidOperationException("There is no connection to the cluster.");
        var stream = cluster.GetStreamProvider(ChangeFeed.Provider)
            .GetStream<ChangeBatch>(StreamId.Create(ChangeFeed.StreamNamespace, ChangeFeed.StreamKey));
        Volatile.Write(ref _heardAt, clock.GetTimestamp());
        var subscription = await stream.SubscribeAsync(this).WaitAsync(s_patience, clock, cancellationToken);
        using var timer = new PeriodicTimer(ChangeFeed.Beat, clock);
        try
        {
            while (clock.GetElapsedTime(Volatile.Read(ref _heardAt)) < Silence)
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
        finally
        {
            // Tried once: one that is left behind tells everything twice at worst, and Orleans drops it with this client.
            await subscription.UnsubscribeAsync().WaitAsync(s_farewell, clock, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void SetLive(bool isLive)
    {
        lock (_lock)
        {
            if (IsLive == isLive)
            {
                return;
            }

            IsLive = isLive;
            Tell(Frame.Gap(isLive));
        }
    }

    private void Tell(Frame frame)
    {
        foreach (var (listener, _) in _listeners)
        {
            listener.Tell(frame);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The feed of changes is lost; it is tried again")]
    private partial void LogLost(Exception exception);
}
