using System.Data.Common;
using Dapper;
using Npgsql;

namespace Lms.ReadModel.Infrastructure;

/// <summary>
/// The relational projections of all states. Everything in it can be rebuilt: delete it, or
/// <see cref="ClearAsync"/>, and the reconciler fills it again.
/// </summary>
public sealed class ReadModelDatabase : IAsyncDisposable
{
    private readonly DbDataSource source;
    private readonly bool ownsSource;

    private ReadModelDatabase(DbDataSource source, SqlDialect dialect, bool ownsSource)
    {
        this.source = source;
        this.ownsSource = ownsSource;
        Dialect = dialect;
    }

    internal SqlDialect Dialect { get; }

    /// <summary>A file on this machine; not ":memory:", because every query opens a connection of its own.</summary>
    public static ReadModelDatabase Sqlite(string connectionString) =>
        new(new SqliteSource(connectionString), SqlDialect.Sqlite, ownsSource: true);

    /// <summary>The schema that connections of the source search first. The source stays its owner's.</summary>
    public static ReadModelDatabase Postgres(NpgsqlDataSource source) =>
        new(source, SqlDialect.Postgres, ownsSource: false);

    /// <summary>
    /// Brings the tables to the newest version. Safe to repeat and to run from several processes. When tables have been
    /// deleted, all are dropped and made anew: half a read model would be believed, an empty one is refilled.
    /// </summary>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await new Migration(connection, transaction, Dialect).RunAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>True when <see cref="MigrateAsync"/> has nothing to do. Only reads.</summary>
    public async Task<bool> IsCurrentAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        return await new Migration(connection, transaction, Dialect).IsCurrentAsync(cancellationToken);
    }

    /// <summary>
    /// Empties every table, so that the reconciler makes every row anew. Lists are incomplete until it has.
    /// </summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var table in ProjectionTables.All.SelectMany(table => table.Names))
        {
            await connection.ExecuteAsync(new CommandDefinition(
                $"DELETE FROM {table}", transaction: transaction, cancellationToken: cancellationToken));
        }

        await transaction.CommitAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => ownsSource ? source.DisposeAsync() : ValueTask.CompletedTask;

    internal ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken) =>
        source.OpenConnectionAsync(cancellationToken);

    internal async Task<List<T>> QueryAsync<T>(
        string sql, object? parameters, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await ReadAsync(sql, parameters, row => rows.Add(read(row)), cancellationToken);
        return rows;
    }

    /// <summary>For answers of many rows of which few things are kept.</summary>
    internal async Task ReadAsync(
        string sql, object? parameters, Action<DbDataReader> read, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        var command = new CommandDefinition(
            sql, parameters is null ? null : new StoredParameters(parameters), cancellationToken: cancellationToken);
        await using var reader = await connection.ExecuteReaderAsync(command);
        while (await reader.ReadAsync(cancellationToken))
        {
            read(reader);
        }
    }

    internal async Task<long> CountAsync(string sql, object? parameters, CancellationToken cancellationToken) =>
        (await QueryAsync(sql, parameters, row => row.GetInt64(0), cancellationToken))[0];
}
