using StackExchange.Redis;

namespace Lms.ApiFrontend.Cluster;

/// <summary>
/// What gateways leave for one another and tell one another: bytes by name. Nobody relies on it, and nothing in it is believed
/// without a code of the master key.
/// </summary>
internal interface IGatewayNotes
{
    /// <summary>Null when there is none, and when nobody answers.</summary>
    Task<byte[]?> FindAsync(string name);

    /// <summary>Replaces the note of the name.</summary>
    Task LeaveAsync(string name, byte[] note, TimeSpan keepFor);

    /// <summary>Tells whoever listens now.</summary>
    Task TellAsync(string channel, byte[] message);

    /// <summary>Hears what is told from now on, as soon as there is a connection and whenever there is one again.</summary>
    Task ListenAsync(string channel, Action<byte[]> heard);
}

/// <summary>Notes in the Redis of the caches. A fault of it is a debugging message: all it means is that nobody answers.</summary>
internal sealed partial class RedisNotes(CacheRedis redis, ILogger<RedisNotes> logger) : IGatewayNotes
{
    public async Task<byte[]?> FindAsync(string name)
    {
        try
        {
            return await (await redis.ConnectAsync()).GetDatabase().StringGetAsync(name);
        }
        catch (Exception fault) when (IsOfRedis(fault))
        {
            LogSilent(fault);
            return null;
        }
    }

    public Task LeaveAsync(string name, byte[] note, TimeSpan keepFor) =>
        TryAsync(connection => connection.GetDatabase().StringSetAsync(name, note, keepFor));

    public Task TellAsync(string channel, byte[] message) =>
        TryAsync(connection => connection.GetSubscriber().PublishAsync(RedisChannel.Literal(channel), message));

    // Whether or not it is there now: what is subscribed is subscribed again whenever the connection is made.
    public Task ListenAsync(string channel, Action<byte[]> heard) => TryAsync(connection => connection.GetSubscriber().SubscribeAsync(
        RedisChannel.Literal(channel), (_, message) => heard(message!), CommandFlags.FireAndForget));

    private async Task TryAsync(Func<IConnectionMultiplexer, Task> use)
    {
        try
        {
            await use(await redis.ConnectAsync());
        }
        catch (Exception fault) when (IsOfRedis(fault))
        {
            LogSilent(fault);
        }
    }

    // Commands that are under way when a connection breaks may be cancelled by nobody's wish.
    private static bool IsOfRedis(Exception fault) => fault is RedisException or TimeoutException or OperationCanceledException;

    [LoggerMessage(Level = LogLevel.Debug, Message = "The Redis of the caches does not answer")]
    private partial void LogSilent(Exception fault);
}

/// <summary>For a gateway that has nobody to leave anything for.</summary>
internal sealed class NoNotes : IGatewayNotes
{
    public Task<byte[]?> FindAsync(string name) => Task.FromResult<byte[]?>(null);

    public Task LeaveAsync(string name, byte[] note, TimeSpan keepFor) => Task.CompletedTask;

    public Task TellAsync(string channel, byte[] message) => Task.CompletedTask;

    public Task ListenAsync(string channel, Action<byte[]> heard) => Task.CompletedTask;
}
