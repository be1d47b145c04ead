using Lms.Grains.Infrastructure;
using Microsoft.Data.Sqlite;

namespace Lms.Silo.Storage;

/// <summary>Makes files of states, of the same form as that of an embedded library.</summary>
internal static class StatesFile
{
    /// <summary>
    /// Copies all states, row by row as they are, to a new file that only its owner may read. It has its name when all of it is
    /// safe from the loss of power, and not before.
    /// </summary>
    /// <param name="path">No file yet.</param>
    /// <param name="states">Where they are.</param>
    /// <param name="finishAsync">Adds what else is to be in the file, or throws when it is not to be.</param>
    /// <param name="cancellationToken">Gives it up; there is no file then.</param>
    public static async Task WriteAsync(
        string path, IStoredStates states, Func<SqliteConnection, RowTally, Task> finishAsync, CancellationToken cancellationToken)
    {
        // Of two who make the same file at once each has a draft of its own.
        var draft = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            await new FileStream(draft, DataDirectory.PrivateFile(FileMode.CreateNew)).DisposeAsync();
            await WriteDraftAsync(draft, states, finishAsync, cancellationToken);
            using (var handle = File.OpenHandle(draft, FileMode.Open, FileAccess.ReadWrite))
            {
                RandomAccess.FlushToDisk(handle);
            }

            File.Move(draft, path);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    private static async Task WriteDraftAsync(
        string draft, IStoredStates states, Func<SqliteConnection, RowTally, Task> finishAsync, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = draft, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        await connection.OpenAsync(cancellationToken);

        // Nobody opens a draft again: it need not survive anything before it is finished.
        await ExecuteAsync(connection, "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;", cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, SqliteStates.SchemaText(), cancellationToken);
        await finishAsync(connection, await CopyAsync(connection, states, cancellationToken));
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<RowTally> CopyAsync(SqliteConnection connection, IStoredStates states, CancellationToken cancellationToken)
    {
        await using var insert = connection.CreateCommand();
        insert.CommandText =
            """
            INSERT INTO OrleansStorage
            (
                GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId,
                PayloadBinary, ModifiedOn, Version
            )
            VALUES (@hash, @n0, @n1, @typeHash, @type, @key, @service, @payload, @modified, @version)
            """;
        var tally = new RowTally();
        await foreach (var row in states.ReadAllAsync(cancellationToken))
        {
            insert.Parameters.Clear();
            insert.Parameters.AddWithValue("@hash", row.GrainIdHash);
            insert.Parameters.AddWithValue("@n0", row.GrainIdN0);
            insert.Parameters.AddWithValue("@n1", row.GrainIdN1);
            insert.Parameters.AddWithValue("@typeHash", row.GrainTypeHash);
            insert.Parameters.AddWithValue("@type", row.StateName);
            insert.Parameters.AddWithValue("@key", (object?)row.Key ?? DBNull.Value);
            insert.Parameters.AddWithValue("@service", row.ServiceId);
            insert.Parameters.AddWithValue("@payload", (object?)row.Payload?.ToArray() ?? DBNull.Value);
            insert.Parameters.AddWithValue("@modified", SqliteStates.TextOf(row.ModifiedOn));
            insert.Parameters.AddWithValue("@version", row.Version);
            await insert.ExecuteNonQueryAsync(cancellationToken);
            tally.Add(row);
        }

        return tally;
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
