using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace Lms.Chaos.Servers;

/// <summary>Redis on the loopback, with its files in a folder.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string[] _settings;
    private ChildProcess? _process;

    private RedisServer(string folder, int port, string[] settings) =>
        (_folder, Port, _settings) = (folder, port, settings);

    public int Port { get; }

    public int ProcessId => _process?.Id ?? 0;

    public string Log => Path.Combine(_folder, "redis.log");

    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>One that keeps what it was told, whatever happens to it.</summary>
    public static Task<RedisServer> StartMembershipAsync(string folder, int port, CancellationToken cancellationToken) =>
        StartAsync(folder, port, ["--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction", "--save", ""], cancellationToken);

    /// <summary>One that forgets what is used least.</summary>
    public static Task<RedisServer> StartCacheAsync(string folder, int port, CancellationToken cancellationToken) =>
        StartAsync(folder, port, ["--appendonly", "no", "--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru", "--save", ""], cancellationToken);

    /// <summary>Starts it again after it was stopped or killed, and waits until it answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _process = await ChildProcess.StartAsync(
            ServerPrograms.Redis(),
            ["--bind", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture), "--dir", _folder, .. _settings],
            Log);
        for (var deadline = Stopwatch.StartNew(); ;)
        {
            try
            {
                await using var connection = await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},connectTimeout=500");
                await connection.GetDatabase().PingAsync();
                return;
            }
            catch (RedisException) when (deadline.Elapsed < TimeSpan.FromSeconds(30) && !_process.HasExited)
            {
                await Task.Delay(50, cancellationToken);
            }
        }
    }

    public void Send(Signal signal) => _process!.Signal(signal);

    /// <summary>Ends it as a crash does.</summary>
    public Task KillAsync() => _process!.StopAsync(TimeSpan.FromSeconds(10), Signal.Kill);

    /// <summary>Loses everything, as a server without persistence that was restarted.</summary>
    public async Task WipeAsync()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},allowAdmin=true");
        await connection.GetServers()[0].FlushAllDatabasesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await process.StopAsync(TimeSpan.FromSeconds(10));
            process.Dispose();
        }
    }

    private static async Task<RedisServer> StartAsync(
        string folder, int port, string[] settings, CancellationToken cancellationToken)
    {
        var server = new RedisServer(Path.GetFullPath(folder), port, settings);
        Directory.CreateDirectory(server._folder);
        await server.StartAsync(cancellationToken);
        return server;
    }
}
