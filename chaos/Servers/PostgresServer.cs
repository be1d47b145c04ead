using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Lms.Chaos.Servers;

/// <summary>PostgreSQL on the loopback, run by an unprivileged user, with its files in a folder.</summary>
public class PostgresServer : ClusterProcess
{
    private protected const string Superuser = "postgres";

    /// <summary>Debian's package makes it.</summary>
    private const string UnprivilegedUser = "postgres";

    private readonly string _folder;
    private bool _isRetired;

    /// <summary>A server on what <paramref name="folder"/> holds. It is not started yet.</summary>
    /// <param name="folder">The unprivileged user must be able to reach it.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="log">In the folder when null.</param>
    public PostgresServer(string folder, int port, string? log = null)
        : this("postgres", folder, port, log)
    {
    }

    private protected PostgresServer(string name, string folder, int port, string? log)
        : base(name, name, log ?? Path.Combine(Path.GetFullPath(folder), $"{name}.log")) =>
        (_folder, Port) = (Path.GetFullPath(folder), port);

    public int Port { get; }

    public override IReadOnlyDictionary<string, int> Ports => new Dictionary<string, int> { ["postgres"] = Port };

    /// <summary>Fast shutdown: sessions are ended, what was committed is kept.</summary>
    protected override Signal StopSignal => Signal.Interrupt;

    private protected string Data => Path.Combine(_folder, "data");

    /// <summary>What it is started with, besides what all are.</summary>
    private protected virtual IReadOnlyList<string> Settings => [];

    // PostgreSQL refuses to run as root.
    private static string? User => Environment.IsPrivilegedProcess ? UnprivilegedUser : null;

    /// <summary>Makes a new database cluster, unless the folder has one; false when the folder had one.</summary>
    public async Task<bool> InitializeAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(Path.Combine(Data, "PG_VERSION")))
        {
            return false;
        }

        // Half a database cluster is none.
        var draft = Data + ".new";
        if (Directory.Exists(draft))
        {
            Directory.Delete(draft, recursive: true);
        }

        var (program, arguments) = Making(draft);
        Directory.CreateDirectory(draft);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(draft, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        if (User is { } user)
        {
            using var owner = Process.Start("chown", ["-R", user, _folder]);
            await owner.WaitForExitAsync(cancellationToken);
            await ThrowUnlessReachableAsync(user, draft, cancellationToken);
        }

        using var child = await ChildProcess.StartAsync(ServerPrograms.Postgres(program), arguments, Log, user: User);
        await child.WaitForExitAsync(cancellationToken);
        if (child.ExitCode != 0)
        {
            throw new ClusterException($"{program} failed. The end of {Log}:\n{LogTail.Of(Log)}");
        }

        Directory.Move(draft, Data);
        return true;
    }

    /// <summary>What fills an empty folder.</summary>
    private protected virtual (string Program, string[] Arguments) Making(string folder) =>
        ("initdb", ["-D", folder, "-U", Superuser, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]);

    /// <summary>The password is not asked for.</summary>
    public string ConnectionString(string database = "postgres", string user = Superuser, int poolSize = 30) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Database = database,
            Username = user,
            Timeout = 5,
            MaxPoolSize = poolSize,
        }.ToString();

    public override async Task<bool> IsReadyAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await using var source = NpgsqlDataSource.Create(ConnectionString() + ";Pooling=false;Timeout=1");
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            return true;
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }

    /// <summary>As <c>pg_ctl -m immediate stop</c>: what was not committed is lost, what was is recovered.</summary>
    public async Task StopImmediatelyAsync()
    {
        Send(Signal.Quit);
        await WaitForExitAsync();
    }

    /// <summary>From now on it does not start: another one has writes that it lacks.</summary>
    internal void Retire() => _isRetired = true;

    /// <summary>Executes one statement as the superuser.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken, string database = "postgres")
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString(database) + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Whether a query has a row.</summary>
    public async Task<bool> HasAsync(string sql, CancellationToken cancellationToken, string database = "postgres")
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString(database) + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    protected override async Task<ChildProcess> StartChildAsync(CancellationToken cancellationToken)
    {
        if (_isRetired)
        {
            throw new ClusterException($"{Name} does not start again: its replica took its place and has writes that it lacks");
        }

        await InitializeAsync(cancellationToken);
        for (var waited = Stopwatch.StartNew(); ;)
        {
            var child = await ChildProcess.StartAsync(
                ServerPrograms.Postgres("postgres"),
                [
                    "-D", Data, "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture),
                    "-c", "unix_socket_directories=", "-c", "max_connections=300", "-c", "shared_buffers=64MB",
                    "-c", "wal_keep_size=128MB", // a standby that was away for a moment catches up
                    .. Settings,
                ],
                Log,
                user: User,
                orphaned: Signal.Quit);

            // The sessions of one that was killed outlive it for a moment, and this one refuses to start beside them.
            using var moment = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            moment.CancelAfter(TimeSpan.FromMilliseconds(300));
            try
            {
                await child.WaitForExitAsync(moment.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return child;
            }

            if (waited.Elapsed > TimeSpan.FromSeconds(10))
            {
                return child;
            }

            child.Dispose();
            await Task.Delay(200, cancellationToken);
        }
    }

    private async Task ThrowUnlessReachableAsync(string user, string folder, CancellationToken cancellationToken)
    {
        using var test = Process.Start(
            "setpriv", ["--reuid", user, "--regid", user, "--init-groups", "test", "-w", folder]);
        await test.WaitForExitAsync(cancellationToken);
        if (test.ExitCode != 0)
        {
            throw new UnreachableFolderException(_folder, user);
        }
    }
}

/// <summary>PostgreSQL's user may not enter a folder above its data.</summary>
public sealed class UnreachableFolderException(string folder, string user)
    : ClusterException($"the user {user}, whom PostgreSQL runs as, cannot reach {folder}: give --dir another folder");
