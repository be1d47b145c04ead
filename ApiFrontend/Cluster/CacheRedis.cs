using StackExchange.Redis;

namespace Lms.ApiFrontend.Cluster;

/// <summary>
/// The connection to the Redis in which gateways share what they remember: one for the process, made when it is first needed. It
/// is optional: what it does not answer at once is done without it.
/// </summary>
internal sealed class CacheRedis(string connectionString) : IAsyncDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private IConnectionMultiplexer? _connection;

    /// <summary>Answers after a second at most, connected or not: it goes on trying.</summary>
    public async Task<IConnectionMultiplexer> ConnectAsync()
    {
        if (_connection is { } existing)
        {
            return existing;
        }

        await _one.WaitAsync();
        try
        {
            return _connection ??= await ConnectionMultiplexer.ConnectAsync(OptionsOf(connectionString));
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            await connection.DisposeAsync();
        }

        _one.Dispose();
    }

    private static ConfigurationOptions OptionsOf(string connectionString)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.AbortOnConnectFail = false; // it comes, and comes back
        options.ConnectTimeout = 1000;
        options.ConnectRetry = 1;
        options.AsyncTimeout = 500;
        options.SyncTimeout = 500;
        options.ReconnectRetryPolicy = new LinearRetry(250);
        options.HeartbeatInterval = TimeSpan.FromMilliseconds(250); // how often it looks whether to connect again
        options.BacklogPolicy = BacklogPolicy.FailFast;
        return options;
    }
}
