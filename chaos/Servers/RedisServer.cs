using System.Globalization;
using StackExchange.Redis;

namespace Lms.Chaos.Servers;

/// <summary>Redis on the loopback, with its files in a folder.</summary>
public sealed class RedisServer : ClusterProcess
{
    private readonly string _folder;
    private readonly int _port;
    private readonly string[] _settings;

    private RedisServer(string role, string folder, int port, string? log, string[] settings)
        : base(role, role, log ?? Path.Combine(Path.GetFullPath(folder), "redis.log")) =>
        (_folder, _port, _settings) = (Path.GetFullPath(folder), port, settings);

    public override IReadOnlyDictionary<string, int> Ports => new Dictionary<string, int> { ["redis"] = _port };

    public int Port => _port;

    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    protected override TimeSpan StartPatience => TimeSpan.FromSeconds(30);

    /// <summary>One that keeps what it was told, whatever happens to it. It is not started yet.</summary>
    public static RedisServer Membership(string folder, int port, string? log = null) =>
        new("redis-membership", folder, port, log, ["--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction", "--save", ""]);

    /// <summary>One that forgets what is used least. It is not started yet.</summary>
    public static RedisServer Cache(string folder, int port, string? log = null) =>
        new("redis-cache", folder, port, log, ["--appendonly", "no", "--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru", "--save", ""]);

    public override async Task<bool> IsReadyAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await using var connection = await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},connectTimeout=500,connectRetry=0");
            await connection.GetDatabase().PingAsync();
            return true;
        }
        catch (RedisException)
        {
            return false;
        }
    }

    /// <summary>Loses everything, as a server without persistence that was restarted.</summary>
    public async Task WipeAsync()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},allowAdmin=true");
        await connection.GetServers()[0].FlushAllDatabasesAsync();
    }

    protected override Task<ChildProcess> StartChildAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        return ChildProcess.StartAsync(
            ServerPrograms.Redis(),
            ["--bind", "127.0.0.1", "--port", _port.ToString(CultureInfo.InvariantCulture), "--dir", _folder, .. _settings],
            Log);
    }
}
