using Lms.ApiFrontend.Cluster;
using StackExchange.Redis;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Backplane;

namespace Lms.ApiFrontend.Cache;

/// <summary>Tells the other gateways what was written at this one. What it does not deliver they see when theirs has grown old.</summary>
internal sealed class RedisBackplane(CacheRedis redis) : IFusionCacheBackplane
{
    private RedisChannel _channel;
    private BackplaneSubscriptionOptions? _subscription;
    private bool _isFollowing;

    public async ValueTask SubscribeAsync(BackplaneSubscriptionOptions options)
    {
        (_subscription, _channel) = (options, RedisChannel.Literal(options.ChannelName!));
        var connection = await redis.ConnectAsync();
        if (!_isFollowing)
        {
            _isFollowing = true;
            connection.ConnectionRestored += OnRestored;
        }

        // Whether or not it is there now: what is subscribed is subscribed again whenever the connection is made.
        await connection.GetSubscriber().SubscribeAsync(_channel, OnMessage, CommandFlags.FireAndForget);
    }

    // Nobody waits for Redis, at the start or at the end of the process.
    public void Subscribe(BackplaneSubscriptionOptions options) => SubscribeAsync(options).AsTask().Ignore();

    public async ValueTask UnsubscribeAsync()
    {
        _subscription = null;
        var connection = await redis.ConnectAsync();
        connection.ConnectionRestored -= OnRestored;
        _isFollowing = false;
        await connection.GetSubscriber().UnsubscribeAsync(_channel, flags: CommandFlags.FireAndForget);
    }

    public void Unsubscribe() => UnsubscribeAsync().AsTask().Ignore();

    public async ValueTask PublishAsync(BackplaneMessage message, FusionCacheEntryOptions options, CancellationToken token = default) =>
        await (await redis.ConnectAsync()).GetSubscriber().PublishAsync(_channel, BackplaneMessage.ToByteArray(message)).WaitAsync(token);

    public void Publish(BackplaneMessage message, FusionCacheEntryOptions options, CancellationToken token = default) =>
        throw new NotSupportedException("The gateway makes asynchronous calls only.");

    // The handler asks Redis for what was written. One that waited for the answer would keep a thread of the pool, which the answer
    // needs as well: with as many messages at once as there are processors, nothing moved for half a second.
    internal void OnMessage(RedisChannel channel, RedisValue value) =>
        _subscription?.IncomingMessageHandlerAsync?.Invoke(BackplaneMessage.FromByteArray(value!)).AsTask().Ignore();

    private void OnRestored(object? sender, ConnectionFailedEventArgs connection)
    {
        if (connection.ConnectionType == ConnectionType.Subscription)
        {
            _subscription?.ConnectHandlerAsync?.Invoke(new BackplaneConnectionInfo(isReconnection: true)).AsTask().Ignore();
        }
    }
}
