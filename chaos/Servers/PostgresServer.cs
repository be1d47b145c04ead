using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Lms.Chaos.Servers;

/// <summary>PostgreSQL on the loopback, run by an unprivileged user, with its files in a folder.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Superuser = "postgres";

    /// <summary>Debian's package makes it.</summary>
    private const string UnprivilegedUser = "postgres";

    private readonly string _folder;
    private ChildProcess? _process;

    private PostgresServer(string folder, int port) => (_folder, Port) = (folder, port);

    public int Port { get; }

    public int ProcessId => _process?.Id ?? 0;

    public string Log => Path.Combine(_folder, "postgres.log");

    private string Data => Path.Combine(_folder, "data");

    // PostgreSQL refuses to run as root.
    private static string? User => Environment.IsPrivilegedProcess ? UnprivilegedUser : null;

    /// <summary>Starts a server on what <paramref name="folder"/> holds; makes a new database cluster when that is nothing.</summary>
    /// <param name="folder">The unprivileged user must be able to reach it.</param>
    public static async Task<PostgresServer> StartAsync(string folder, int port, CancellationToken cancellationToken)
    {
        var server = new PostgresServer(Path.GetFullPath(folder), port);
        Directory.CreateDirectory(server._folder);
        if (!File.Exists(Path.Combine(server.Data, "PG_VERSION")))
        {
            await server.InitializeAsync(cancellationToken);
        }

        await server.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>For the superuser; the password is not asked for.</summary>
    public string ConnectionString(string database = "postgres", string user = Superuser) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Database = database,
            Username = user,
            Timeout = 5,
        }.ToString();

    /// <summary>Starts it again after it was stopped or killed, and waits until it answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _process = await ChildProcess.StartAsync(
            ServerPrograms.Postgres("postgres"),
            [
                "-D", Data, "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture),
                "-c", "unix_socket_directories=", "-c", "max_connections=300", "-c", "shared_buffers=64MB",
            ],
            Log,
            user: User);
        await using var source = NpgsqlDataSource.Create(ConnectionString() + ";Pooling=false");
        for (var deadline = Stopwatch.StartNew(); ;)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException) when (deadline.Elapsed < TimeSpan.FromSeconds(60) && !_process.HasExited)
            {
                await Task.Delay(50, cancellationToken);
            }
        }
    }

    /// <summary>As <c>pg_ctl -m immediate stop</c>: what was not committed is lost, what was is recovered.</summary>
    public Task StopImmediatelyAsync() => _process!.StopAsync(TimeSpan.FromSeconds(20), Signal.Quit);

    /// <summary>Stops or goes on, as the signal says. Sessions are processes of their own and are not asked.</summary>
    public void Send(Signal signal) => _process!.Signal(signal);

    public async Task CreateDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString());
        await using var command = source.CreateCommand($"CREATE DATABASE \"{name}\"");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await process.StopAsync(TimeSpan.FromSeconds(10), Signal.Interrupt);
            process.Dispose();
        }
    }

    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Data);
        if (User is { } user)
        {
            using var owner = Process.Start("chown", ["-R", user, _folder]);
            await owner.WaitForExitAsync(cancellationToken);
        }

        using var initdb = await ChildProcess.StartAsync(
            ServerPrograms.Postgres("initdb"),
            ["-D", Data, "-U", Superuser, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
            Log,
            user: User);
        await initdb.WaitForExitAsync(cancellationToken);
        if (initdb.ExitCode != 0)
        {
            throw new InvalidOperationException($"initdb failed: {await File.ReadAllTextAsync(Log, cancellationToken)}");
        }
    }
}
