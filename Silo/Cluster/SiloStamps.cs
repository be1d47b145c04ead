using Npgsql;

namespace Lms.Silo.Cluster;

/// <summary>
/// Signs of life of the silos, in the database that they write to: whoever finds no membership table sees there whether
/// there is a cluster all the same.
/// </summary>
internal sealed class SiloStamps(NpgsqlDataSource source)
{
    /// <summary>The key of the lock under which a lost membership table is put back.</summary>
    private const long TableLock = 0x6C6D73_7461626C;

    public async Task StampAsync(SiloAddress silo, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            INSERT INTO silo_stamps (address, stamped_at) VALUES (@address, now())
            ON CONFLICT (address) DO UPDATE SET stamped_at = excluded.stamped_at
            """);
        command.Parameters.AddWithValue("address", silo.ToString());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>For a silo that leaves in order, and with it for those that ended long ago.</summary>
    public async Task RemoveAsync(SiloAddress silo, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            "DELETE FROM silo_stamps WHERE address = @address OR stamped_at < now() - interval '1 hour'");
        command.Parameters.AddWithValue("address", silo.ToString());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The silos that gave a sign of life within <paramref name="age"/>, by the clock of the database.</summary>
    public async Task<IReadOnlyList<string>> GetYoungerThanAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT address FROM silo_stamps WHERE stamped_at > now() - @age");
        command.Parameters.AddWithValue("age", age);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var silos = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            silos.Add(reader.GetString(0));
        }

        return silos;
    }

    /// <summary>Runs <paramref name="action"/> while no other silo does; false when another one is at it.</summary>
    public async Task<bool> TryAloneAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_xact_lock(@key)", connection, transaction);
        command.Parameters.AddWithValue("key", TableLock);
        if (await command.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return false;
        }

        await action();
        return true;
    }
}
