using System.Globalization;
using Lms.Chaos.Servers;
using Npgsql;

namespace Lms.Chart.Tests.Running;

/// <summary>A network of its own on this machine, with PostgreSQL and two Redis, for pods.</summary>
internal sealed class Node : IAsyncDisposable
{
    private const string Prefix = "10.244.0.";
    private const string Database = "lms";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Bridge and veth are what pods are connected by; the rest is what a container is.</summary>
    private const string Trial =
        "mount -t tmpfs none /tmp && ip link add lms0 type bridge && ip link add one type veth peer name two"
        + " && setpriv --reuid 10654 --regid 10654 --clear-groups --bounding-set=-all --no-new-privs curl --version && command -v chroot nsenter";

    private readonly string _folder;
    private readonly List<ChildProcess> _servers = [];
    private readonly string _postgresFolder;
    private ChildProcess? _network;
    private ChildProcess? _postgres;
    private int _addresses = 10;

    private Node(string folder) => (_folder, _postgresFolder) = (folder, Path.Combine(folder, "postgres"));

    /// <summary>Names that pods know besides those of services.</summary>
    public Dictionary<string, string> Hosts { get; } = new(StringComparer.Ordinal)
    {
        ["db"] = Prefix + "2",
        ["members"] = Prefix + "3",
        ["cache"] = Prefix + "4",
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts it; skips the test where the machine does not allow it.</summary>
    public static async Task<Node> StartAsync(string folder)
    {
        var (exitCode, _, errors) = OperatingSystem.IsLinux() ? await Command.RunAsync("sh", "-c", "exec unshare --mount --net --ipc --uts sh -c \"$1\"", "sh", Trial) : (1, "", "");
        Required.Unless(
            exitCode == 0,
            $"Needs Linux, root, unshare, setpriv, ip and curl, and the right to make namespaces, mounts and network devices: pods are made of them. {errors}");
        Required.Unless(HasServers(out var missing), missing);

        // PostgreSQL runs as a user of its own.
        await Command.SucceedsAsync("chmod", "755", folder);
        var node = new Node(folder);
        try
        {
            await node.StartNetworkAsync();
            await node.StartServersAsync();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public string NextAddress() => Prefix + (_addresses++).ToString(CultureInfo.InvariantCulture);

    /// <summary>The status of what is asked from outside of all pods; 0 when nobody answers.</summary>
    /// <param name="url">Whom to ask.</param>
    /// <param name="seconds">How long to wait.</param>
    /// <param name="more">Arguments of curl.</param>
    public async Task<int> AskAsync(string url, int seconds, params string[] more)
    {
        var (_, output, _) = await EnterAsync(
            "curl", ["--silent", "--output", "/dev/null", "--max-time", seconds.ToString(CultureInfo.InvariantCulture), "--write-out", "%{http_code}", .. more, url]);
        return int.Parse(output, CultureInfo.InvariantCulture);
    }

    /// <summary>Gives the network of a process a way into this one.</summary>
    public async Task PlugAsync(int process, string address)
    {
        var end = "pod" + address[Prefix.Length..];
        var (exitCode, _, errors) = await EnterAsync(
            "sh",
            "-c", "ip link add \"$1\" type veth peer name eth0 netns \"$2\" && ip link set \"$1\" master lms0 up",
            "sh", end, process.ToString(CultureInfo.InvariantCulture));
        Assert.True(exitCode == 0, errors);
    }

    /// <summary>Executes statements as the superuser, in the database of the library unless it is not there yet.</summary>
    public async Task ExecuteAsync(string sql, string database = Database)
    {
        await using var source = NpgsqlDataSource.Create($"Host={_postgresFolder};Username=postgres;Database={database};Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            server.Dispose();
        }

        if (_postgres is not null)
        {
            await _postgres.StopAsync(s_patience, Signal.Interrupt);
            _postgres.Dispose();
        }

        _network?.Dispose();
    }

    private static bool HasServers(out string missing)
    {
        try
        {
            _ = (ServerPrograms.Postgres("initdb"), ServerPrograms.Redis());
            missing = "";
            return true;
        }
        catch (MissingServerException exception)
        {
            missing = exception.Message;
            return false;
        }
    }

    private async Task StartNetworkAsync()
    {
        var ready = Path.Combine(_folder, "network");
        var addresses = string.Concat(Hosts.Values.Prepend(Prefix + "1").Select(address => $"ip addr add {address}/24 dev lms0 && "));
        var script = $"ip link set lo up && ip link add lms0 type bridge && {addresses}ip link set lms0 up && : > {ready} && exec sleep infinity";
        _network = await ChildProcess.StartAsync("unshare", ["--net", "sh", "-c", script], ready + ".log");
        await WaitAsync(_network, () => Task.FromResult(File.Exists(ready)), ready + ".log");
    }

    private async Task StartServersAsync()
    {
        await StartRedisAsync("members", ["--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction", "--save", ""]);
        await StartRedisAsync("cache", ["--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru", "--save", ""]);

        await using (var server = new PostgresServer(_postgresFolder, 5432))
        {
            await server.InitializeAsync(Cancellation);
        }

        var data = Path.Combine(_postgresFolder, "data");
        await File.AppendAllTextAsync(Path.Combine(data, "pg_hba.conf"), $"host all all {Prefix}0/24 scram-sha-256\n", Cancellation);
        _postgres = await StartAsync(
            "postgres",
            "setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "--pdeathsig", "QUIT",
            ServerPrograms.Postgres("postgres"), "-D", data, "-h", Hosts["db"], "-p", "5432",
            "-c", $"unix_socket_directories={_postgresFolder}", "-c", "max_connections=300");
        await WaitAsync(_postgres, IsUpAsync, LogOf("postgres"));
    }

    private async Task<bool> IsUpAsync()
    {
        try
        {
            await ExecuteAsync("SELECT 1", "postgres");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task StartRedisAsync(string name, string[] settings)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        _servers.Add(await StartAsync(
            name, [ServerPrograms.Redis(), "--bind", Hosts[name], "--port", "6379", "--dir", folder, "--requirepass", Secrets.Password, .. settings]));
    }

    private string LogOf(string server) => Path.Combine(_folder, $"{server}.log");

    private Task<ChildProcess> StartAsync(string name, params string[] line) =>
        ChildProcess.StartAsync("nsenter", [NetworkOf(_network!), .. line], LogOf(name));

    private Task<(int ExitCode, string Output, string Errors)> EnterAsync(string program, params string[] arguments) =>
        Command.RunAsync("nsenter", [NetworkOf(_network!), program, .. arguments]);

    private static string NetworkOf(ChildProcess process) => string.Create(CultureInfo.InvariantCulture, $"--net=/proc/{process.Id}/ns/net");

    /// <summary>Until it holds; the test fails when the process ends before, or when it takes too long.</summary>
    public static async Task WaitAsync(ChildProcess process, Func<Task<bool>> holds, string log)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.False(process.HasExited || TimeProvider.System.GetElapsedTime(since) > s_patience, LogTail.Of(log));
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        }
    }
}
