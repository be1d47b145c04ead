using System.Runtime.CompilerServices;
using Lms.Grains.Infrastructure;
using Npgsql;

namespace Lms.Silo.Storage;

/// <summary>The table that holds the states of a library on PostgreSQL.</summary>
internal sealed class PostgresStates(NpgsqlDataSource source) : IStoredStates
{
    public async Task<IReadOnlyList<StoredVersion>> GetVersionsAsync(string stateName, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            SELECT GrainIdExtensionString, Version, ModifiedOn FROM OrleansStorage
            WHERE GrainTypeString = $1 AND PayloadBinary IS NOT NULL AND GrainIdExtensionString IS NOT NULL
            """);
        command.Parameters.AddWithValue(stateName);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<StoredVersion>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new(
                reader.GetString(0), reader.GetInt64(1), await reader.GetFieldValueAsync<DateTimeOffset>(2, cancellationToken)));
        }

        return rows;
    }

    public async Task<StoredState?> FindAsync(string stateName, string key, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            SELECT Version, PayloadBinary FROM OrleansStorage
            WHERE GrainTypeString = $1 AND GrainIdExtensionString = $2 AND PayloadBinary IS NOT NULL
            """);
        command.Parameters.AddWithValue(stateName);
        command.Parameters.AddWithValue(key);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetInt64(0), new BinaryData(await reader.GetFieldValueAsync<byte[]>(1, cancellationToken)))
            : null;
    }

    public IAsyncEnumerable<StoredRow> ReadAllAsync(CancellationToken cancellationToken) =>
        ReadRowsAsync(stateNames: null, cancellationToken);

    public IAsyncEnumerable<StoredRow> ReadAsync(IReadOnlyCollection<string> stateNames, CancellationToken cancellationToken) =>
        ReadRowsAsync(stateNames, cancellationToken);

    // One statement, so that all rows are of one instant.
    private async IAsyncEnumerable<StoredRow> ReadRowsAsync(
        IReadOnlyCollection<string>? stateNames, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            $"""
            SELECT
                GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId,
                PayloadBinary, ModifiedOn, Version
            FROM OrleansStorage
            {(stateNames is null ? "" : "WHERE GrainTypeString = ANY ($1)")}
            """);
        if (stateNames is not null)
        {
            command.Parameters.AddWithValue(stateNames.ToArray());
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return new(
                reader.GetInt32(0),
                reader.GetInt64(1),
                reader.GetInt64(2),
                reader.GetInt32(3),
                reader.GetString(4),
                await reader.IsDBNullAsync(5, cancellationToken) ? null : reader.GetString(5),
                reader.GetString(6),
                await reader.IsDBNullAsync(7, cancellationToken) ? null : new BinaryData(await reader.GetFieldValueAsync<byte[]>(7, cancellationToken)),
                await reader.GetFieldValueAsync<DateTimeOffset>(8, cancellationToken),
                reader.GetInt64(9));
        }
    }
}
