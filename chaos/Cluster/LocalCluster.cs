using System.Globalization;
using Lms.Chaos.Servers;

namespace Lms.Chaos.Cluster;

/// <summary>
/// A whole library on this machine: two Redis, PostgreSQL (with a replica where it is asked for), silos and gateways, each a process of its own that a test or
/// a person may kill, freeze and start again. All of them end with this object, and with this process.
/// </summary>
public sealed class LocalCluster : IAsyncDisposable
{
    /// <summary>The name of the database in <see cref="Postgres"/>.</summary>
    public const string Database = "lms";

    private const string Owner = "lms_owner";

    private readonly ClusterOptions _options;
    private readonly ClusterDirectory _directory;
    private readonly ClusterSecrets _secrets;
    private readonly ClusterFile? _before;
    private readonly List<Silo> _silos = [];
    private readonly List<Gateway> _gateways = [];
    private readonly Lock _lock = new();
    private bool _isPublished;

    private LocalCluster(ClusterOptions options, ClusterDirectory directory)
    {
        (_options, _directory, _secrets) = (options, directory, directory.Secrets());

        // A member that comes back at its address takes the place of its former self at once.
        _before = File.Exists(directory.ClusterFile) ? ClusterFile.Read(directory.ClusterFile) : null;
        File.Delete(directory.ClusterFile);
        Postgres = Listening(new PostgresServer(directory.Folder("postgres"), Port("postgres", "postgres"), directory.Log("postgres")));
        Replica = options.Replica
            ? Listening(new PostgresReplica(
                Postgres, directory.Folder(PostgresReplica.Kind), Port(PostgresReplica.Kind, "postgres"), directory.Log(PostgresReplica.Kind)))
            : null;
        Membership = Listening(RedisServer.Membership(
            directory.Folder("redis-membership"), Port("redis-membership", "redis"), directory.Log("redis-membership")));
        Cache = options.CacheRedis
            ? Listening(RedisServer.Cache(directory.Folder("redis-cache"), Port("redis-cache", "redis"), directory.Log("redis-cache")))
            : null;
    }

    public PostgresServer Postgres { get; }

    /// <summary>Null where there is none.</summary>
    public PostgresReplica? Replica { get; }

    public RedisServer Membership { get; }

    public RedisServer? Cache { get; }

    public IReadOnlyList<Silo> Silos => Copy(_silos);

    public IReadOnlyList<Gateway> Gateways => Copy(_gateways);

    /// <summary>Servers first, then silos, then gateways: the order in which they start.</summary>
    public IReadOnlyList<ClusterProcess> Processes =>
        [.. new ClusterProcess?[] { Postgres, Replica, Membership, Cache }.OfType<ClusterProcess>(), .. Silos, .. Gateways];

    public ClusterProcess this[string name] => Processes.Single(process => process.Name == name);

    /// <summary>Where clients ask.</summary>
    public IReadOnlyList<Uri> Urls => [.. Gateways.Select(gateway => new Uri(gateway.Url))];

    public string ClusterFilePath => _directory.ClusterFile;

    /// <summary>Of the first administrator, <see cref="ClusterSecrets.AdminUsername"/>.</summary>
    public string AdminPassword => _secrets.AdminPassword;

    /// <summary>Starts everything and waits until it is ready; stops everything when that fails.</summary>
    public static async Task<LocalCluster> StartAsync(ClusterOptions options, CancellationToken cancellationToken = default)
    {
        // Before anything runs: what is missing is said in one line.
        _ = ServerPrograms.Postgres("postgres");
        _ = ServerPrograms.Redis();
        _ = Binaries.Library("Silo", options.Binaries);
        _ = Binaries.Library("ApiFrontend", options.Binaries);

        var directory = ClusterDirectory.Take(options.Directory);
        try
        {
            PostgresReplica.ThrowIfUnfit(directory, options.Replica);
            var cluster = new LocalCluster(options, directory);
            try
            {
                await cluster.StartAllAsync(cancellationToken);
                return cluster;
            }
            catch
            {
                await cluster.StopAllAsync();
                throw;
            }
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Starts one more silo and waits until it is a member.</summary>
    public async Task<Silo> AddSiloAsync(CancellationToken cancellationToken = default)
    {
        var silo = NewSilo();
        await silo.StartAsync(cancellationToken);
        return silo;
    }

    /// <summary>Runs <c>Silo.dll</c> with a command, as the database's owner, and waits for its end.</summary>
    public async Task<CommandOutcome> RunAsync(
        IReadOnlyList<string> command, string? binaries = null, CancellationToken cancellationToken = default)
    {
        var silo = new Silo("command", _directory.Log("command"), _options, Connections(Owner), ports: null);
        silo.Binaries = binaries ?? silo.Binaries;
        return await silo.RunAsync(command, cancellationToken);
    }

    /// <summary>Brings the schema to a release, as is done before the first of its silos starts.</summary>
    /// <param name="binaries">The release; that of the cluster when null.</param>
    public async Task MigrateAsync(string? binaries = null, CancellationToken cancellationToken = default)
    {
        string[] grant = _options.DatabaseRole is { } role ? ["--grant-to", role] : [];
        var outcome = await RunAsync(["migrate", .. grant], binaries, cancellationToken);
        if (outcome.ExitCode != 0)
        {
            throw new MigrationFailedException(outcome);
        }
    }

    /// <summary>
    /// Restarts silos, then gateways, one at a time and in order: each is asked to end, and the next one's turn comes when
    /// it is ready again.
    /// </summary>
    /// <param name="binaries">Another release, which is to run from now on; the same one when null.</param>
    public async Task RollAsync(string? binaries = null, CancellationToken cancellationToken = default)
    {
        foreach (var process in Silos.Concat<LibraryProcess>(Gateways))
        {
            await process.StopAsync();
            process.Binaries = binaries ?? process.Binaries;
            await process.StartAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Makes the replica the primary, which silos and gateways find by themselves. The old one must be gone, and stays so: it does not
    /// know what is written from now on.
    /// </summary>
    public async Task PromoteReplicaAsync(CancellationToken cancellationToken = default)
    {
        if (Postgres.IsRunning)
        {
            throw new ClusterException($"{Postgres} still runs: two primaries would take writes that only one of them keeps");
        }

        await (Replica ?? throw new ClusterException("there is no replica")).PromoteAsync(cancellationToken);
    }

    /// <summary>Waits until every process that should run is ready.</summary>
    public Task BecomesReadyAsync(CancellationToken cancellationToken = default) =>
        Task.WhenAll(Processes.Where(process => process.ShouldRun).Select(process => process.BecomesReadyAsync(cancellationToken)));

    /// <summary>Gateways first, then silos, then servers: nobody is left without what it needs.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAllAsync();
        _directory.Dispose();
    }

    private async Task StartAllAsync(CancellationToken cancellationToken)
    {
        // PostgreSQL first: its folder may be out of reach.
        await Postgres.StartAsync(cancellationToken);
        if (Replica is { } replica)
        {
            await replica.StartAsync(cancellationToken);
            await replica.FollowAsync(cancellationToken);
        }

        await Task.WhenAll(Membership.StartAsync(cancellationToken), Cache?.StartAsync(cancellationToken) ?? Task.CompletedTask);
        await MakeDatabaseAsync(cancellationToken);
        if (_options.Migrate)
        {
            await MigrateAsync(cancellationToken: cancellationToken);
        }

        await StartTogetherAsync(Enumerable.Range(0, _options.Silos).Select(_ => NewSilo()), cancellationToken);
        await StartTogetherAsync(Enumerable.Range(0, _options.Gateways).Select(_ => NewGateway()), cancellationToken);
        if (_options.Demo)
        {
            await DemoLibrary.BecomesCompleteAsync(Gateways[0], cancellationToken);
        }

        _isPublished = true;
        Publish();
    }

    private async Task StopAllAsync()
    {
        if (_options.EndsAtOnce)
        {
            await Task.WhenAll(Silos.Concat<ClusterProcess>(Gateways).Select(process => process.KillAsync()));
        }

        await Task.WhenAll(Gateways.Select(gateway => gateway.StopAsync()));

        // One after the other: each hands its activations to those that stay.
        foreach (var silo in Silos)
        {
            await silo.StopAsync();
        }

        foreach (var process in Processes.Reverse())
        {
            await process.DisposeAsync();
        }
    }

    private async Task MakeDatabaseAsync(CancellationToken cancellationToken)
    {
        if (_options.FreshDatabase)
        {
            await Postgres.ExecuteAsync($"DROP DATABASE IF EXISTS {Database} WITH (FORCE)", cancellationToken);
        }

        foreach (var role in new[] { Owner, _options.DatabaseRole }.OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (!await Postgres.HasAsync($"SELECT 1 FROM pg_roles WHERE rolname = '{role}'", cancellationToken))
            {
                await Postgres.ExecuteAsync($"CREATE ROLE \"{role}\" LOGIN", cancellationToken);
            }
        }

        if (!await Postgres.HasAsync($"SELECT 1 FROM pg_database WHERE datname = '{Database}'", cancellationToken))
        {
            await Postgres.ExecuteAsync($"CREATE DATABASE {Database} OWNER {Owner}", cancellationToken);
        }
    }

    private static async Task StartTogetherAsync(IEnumerable<ClusterProcess> processes, CancellationToken cancellationToken)
    {
        var all = processes.ToList();
        await Task.WhenAll(all.Select(process => process.LaunchAsync(cancellationToken)));
        await Task.WhenAll(all.Select(process => process.BecomesReadyAsync(cancellationToken)));
    }

    private Silo NewSilo()
    {
        lock (_lock)
        {
            var name = Numbered("silo", _silos.Count);
            var silo = Listening(new Silo(name, _directory.Log(name), _options, Connections(_options.DatabaseRole ?? Owner), PortsBefore(name)));
            _silos.Add(silo);
            return silo;
        }
    }

    private Gateway NewGateway()
    {
        lock (_lock)
        {
            var number = _gateways.Count;
            var name = Numbered("gateway", number);
            var gateway = Listening(new Gateway(
                name,
                _directory.Log(name),
                _options,
                Connections(_options.DatabaseRole ?? Owner),
                _secrets,
                _directory.Folder(name),
                _directory.Folder($"{name}.keys"),
                _options.HttpPort == 0 ? Ports.Free() : _options.HttpPort + number,
                _options.Demo && number == 0));
            _gateways.Add(gateway);
            return gateway;
        }
    }

    private Dictionary<string, string> Connections(string role)
    {
        var connections = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__Postgres"] = Replica?.EitherConnectionString(Database, role) ?? Postgres.ConnectionString(Database, role),
            ["ConnectionStrings__RedisMembership"] = Membership.ConnectionString,
        };
        if (Replica is { } replica)
        {
            connections["ConnectionStrings__PostgresReplica"] = replica.ConnectionString(Database, role);
        }

        if (Cache is { } cache)
        {
            connections["ConnectionStrings__RedisCache"] = cache.ConnectionString;
        }

        return connections;
    }

    private T Listening<T>(T process)
        where T : ClusterProcess
    {
        process.Started += (_, _) => Publish();
        return process;
    }

    /// <summary>Not before all are ready: who waits for the file may ask the gateways in it.</summary>
    private void Publish()
    {
        lock (_lock)
        {
            if (_isPublished)
            {
                ClusterFile.Of(Processes).Write(_directory.ClusterFile);
            }
        }
    }

    private int Port(string name, string purpose) =>
        PortsBefore(name)?.GetValueOrDefault(purpose) is { } port and not 0 && Ports.IsFree(port) ? port : Ports.Free();

    private IReadOnlyDictionary<string, int>? PortsBefore(string name) =>
        _before?.Processes.FirstOrDefault(process => process.Name == name)?.Ports;

    private List<T> Copy<T>(List<T> list)
    {
        lock (_lock)
        {
            return [.. list];
        }
    }

    private static string Numbered(string role, int index) => string.Create(CultureInfo.InvariantCulture, $"{role}-{index + 1}");
}

/// <summary>The schema could not be made.</summary>
public sealed class MigrationFailedException(CommandOutcome outcome)
    : ClusterException($"Silo.dll migrate ended with exit code {outcome.ExitCode}:\n{outcome.Output}");
