using System.Diagnostics;
using System.Globalization;
using Lms.Chaos.Cluster;
using Npgsql;

namespace Lms.Chaos.Servers;

/// <summary>
/// A standby that follows a primary on the same machine and answers queries. Synchronous: what the primary acknowledges is here
/// already, and is not lost when this one takes its place.
/// </summary>
public sealed class PostgresReplica(PostgresServer primary, string folder, int port, string log)
    : PostgresServer(Kind, folder, port, log)
{
    /// <summary>In cluster.json, and of its folder.</summary>
    public const string Kind = "postgres-replica";

    // PostgreSQL itself removes the file at a promotion.
    private const string Standby = "standby.signal";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private protected override IReadOnlyList<string> Settings =>
    [
        "-c", $"primary_conninfo=host=127.0.0.1 port={primary.Port.ToString(CultureInfo.InvariantCulture)} user={Superuser} application_name={Kind}",

        // It waits for nobody when it has become the primary.
        "-c", "synchronous_standby_names=",
    ];

    /// <summary>Throws a <see cref="ClusterException"/> when what the folder holds cannot go on with or without a replica.</summary>
    internal static void ThrowIfUnfit(ClusterDirectory directory, bool isWanted)
    {
        var (primary, data) = (directory.Folder("postgres"), Path.Combine(directory.Folder(Kind), "data"));
        if (!Directory.Exists(data))
        {
            return;
        }

        if (!File.Exists(Path.Combine(data, Standby)))
        {
            throw new ClusterException(
                $"the replica in {directory.Path} was promoted and has writes that {primary} lacks: to go on, delete {primary} and rename {directory.Folder(Kind)} to it");
        }

        if (!isWanted)
        {
            throw new ClusterException(
                $"{directory.Path} has a replica, without which its PostgreSQL acknowledges no write: start it with --replica");
        }
    }

    /// <summary>Waits until it follows its primary, which from then on acknowledges no write that is not here.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (!await primary.HasAsync(
            $"SELECT 1 FROM pg_stat_replication WHERE application_name = '{Kind}' AND state = 'streaming'", cancellationToken))
        {
            if (waited.Elapsed > s_patience)
            {
                throw new NotReadyException(this, "does not follow its primary");
            }

            await Task.Delay(100, cancellationToken);
        }

        await primary.ExecuteAsync($"ALTER SYSTEM SET synchronous_standby_names = '\"{Kind}\"'", cancellationToken);
        await primary.ExecuteAsync("SELECT pg_reload_conf()", cancellationToken);
    }

    /// <summary>Makes it a primary, and waits until it is one.</summary>
    public async Task PromoteAsync(CancellationToken cancellationToken)
    {
        primary.Retire();
        if (!await HasAsync("SELECT 1 WHERE pg_promote(true, 30)", cancellationToken))
        {
            throw new NotReadyException(this, "was not promoted");
        }
    }

    /// <summary>Of whichever of the two takes writes.</summary>
    public string EitherConnectionString(string database, string user) =>
        new NpgsqlConnectionStringBuilder(ConnectionString(database, user))
        {
            Host = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{primary.Port},127.0.0.1:{Port}"),
            TargetSessionAttributes = "primary",
            HostRecheckSeconds = 1,
        }.ToString();

    private protected override (string Program, string[] Arguments) Making(string folder)
    {
        // What it copies is a primary until it is told otherwise.
        return ("sh", ["-c", "\"$@\" && touch \"$0\"", Path.Combine(folder, Standby),
            ServerPrograms.Postgres("pg_basebackup"), "-D", folder, "-h", "127.0.0.1",
            "-p", primary.Port.ToString(CultureInfo.InvariantCulture), "-U", Superuser, "--checkpoint=fast", "--no-sync"]);
    }
}
