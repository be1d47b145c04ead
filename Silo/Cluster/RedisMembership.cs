using StackExchange.Redis;

namespace Lms.Silo.Cluster;

/// <summary>The connection to the Redis that knows the members: one for the whole process, made when it is first needed.</summary>
internal sealed class RedisMembership(string connectionString) : IAsyncDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private IConnectionMultiplexer? _connection;

    public async Task<IConnectionMultiplexer> ConnectAsync()
    {
        if (_connection is { } existing)
        {
            return existing;
        }

        await _one.WaitAsync();
        try
        {
            var options = ConfigurationOptions.Parse(connectionString);
            options.AbortOnConnectFail = false; // it comes, and comes back
            options.ConnectTimeout = 1000;
            options.AsyncTimeout = 2000;
            options.ReconnectRetryPolicy = new LinearRetry(250);
            options.HeartbeatInterval = TimeSpan.FromMilliseconds(250); // how often it looks whether to connect again
            options.BacklogPolicy = BacklogPolicy.FailFast;
            return _connection ??= await ConnectionMultiplexer.ConnectAsync(options);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Whether it answers at this moment.</summary>
    public async Task<bool> AnswersAsync()
    {
        try
        {
            await (await ConnectAsync()).GetDatabase().PingAsync();
            return true;
        }
        catch (Exception exception) when (IsSilence(exception))
        {
            return false;
        }
    }

    /// <summary>Whether a fault says that it did not answer. Commands that are under way when a connection breaks may be cancelled.</summary>
    public static bool IsSilence(Exception fault) => fault is RedisException or TimeoutException or OperationCanceledException;

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            await connection.DisposeAsync();
        }

        _one.Dispose();
    }
}
