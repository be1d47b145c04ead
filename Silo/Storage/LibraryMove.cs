using System.Runtime.InteropServices;
using Lms.Grains.Infrastructure;
using Npgsql;
using NpgsqlTypes;

namespace Lms.Silo.Storage;

/// <summary>How many states there are, and how often they were written. No write leaves both as they were.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StatesSummary(long States, long Versions)
{
    public StatesSummary With(StoredRow row) => new(States + 1, Versions + row.Version);

    public static async Task<StatesSummary> OfAsync(IStoredStates states, CancellationToken cancellationToken)
    {
        var summary = default(StatesSummary);
        await foreach (var row in states.ReadAllAsync(cancellationToken))
        {
            summary = summary.With(row);
        }

        return summary;
    }
}

/// <summary>Copies the states of a library into a database without any, row by row as they are, all or none.</summary>
internal sealed class LibraryMove(NpgsqlDataSource target)
{
    /// <summary>Disk and indexes of the target may be slow; whoever gives up here gives up everything.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await target.OpenConnectionAsync(cancellationToken);
        return await IsEmptyAsync(connection, cancellationToken);
    }

    /// <summary>What the move brought; null when it never came to its end.</summary>
    public async Task<StatesSummary?> FindAsync(Guid move, CancellationToken cancellationToken)
    {
        await using var command = target.CreateCommand("SELECT states, versions FROM library_moves WHERE id = $1");
        command.Parameters.AddWithValue(move);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(reader.GetInt64(0), reader.GetInt64(1)) : null;
    }

    /// <summary>
    /// Copies everything and calls <paramref name="committing"/> at the last moment at which it is certain that the target has
    /// nothing. False, and nothing is done, when the target has states.
    /// </summary>
    public async Task<StatesSummary?> CopyAsync(
        IStoredStates states, Guid move, Action committing, CancellationToken cancellationToken)
    {
        await using var connection = await target.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Nobody writes a first state between this look and the copy.
        await ExecuteAsync(connection, "LOCK TABLE OrleansStorage IN SHARE ROW EXCLUSIVE MODE", cancellationToken);
        if (!await IsEmptyAsync(connection, cancellationToken))
        {
            return null;
        }

        var summary = await CopyAsync(connection, states, cancellationToken);
        await using var command = new NpgsqlCommand(
            "INSERT INTO library_moves (id, moved_at, states, versions) VALUES ($1, now(), $2, $3)", connection);
        command.Parameters.AddWithValue(move);
        command.Parameters.AddWithValue(summary.States);
        command.Parameters.AddWithValue(summary.Versions);
        await command.ExecuteNonQueryAsync(cancellationToken);
        committing();
        await transaction.CommitAsync(cancellationToken);
        return summary;
    }

    private static async Task<StatesSummary> CopyAsync(
        NpgsqlConnection connection, IStoredStates states, CancellationToken cancellationToken)
    {
        var summary = default(StatesSummary);
        await using var copy = await connection.BeginBinaryImportAsync(
            """
            COPY OrleansStorage
            (
                GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId,
                PayloadBinary, ModifiedOn, Version
            )
            FROM STDIN (FORMAT BINARY)
            """,
            cancellationToken);
        copy.Timeout = s_patience;
        await foreach (var row in states.ReadAllAsync(cancellationToken))
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(row.GrainIdHash, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(row.GrainIdN0, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(row.GrainIdN1, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(row.GrainTypeHash, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(row.StateName, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(row.Key, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(row.ServiceId, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(row.Payload?.ToArray(), NpgsqlDbType.Bytea, cancellationToken);
            await copy.WriteAsync(row.ModifiedOn.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(checked((int)row.Version), NpgsqlDbType.Integer, cancellationToken);
            summary = summary.With(row);
        }

        await copy.CompleteAsync(cancellationToken);
        return summary;
    }

    private static async Task<bool> IsEmptyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT NOT EXISTS (SELECT FROM OrleansStorage)", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
