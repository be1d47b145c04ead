using System.Data;
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
    private readonly DbDataSource? replica;
    private readonly IQueryPath? path;
    private readonly bool ownsSource;

    private ReadModelDatabase(DbDataSource source, SqlDialect dialect, bool ownsSource, IQueryPath? path, DbDataSource? replica = null)
    {
        (this.source, this.replica, this.path, this.ownsSource) = (source, replica, path, ownsSource);
        Dialect = dialect;
    }

    internal SqlDialect Dialect { get; }

    /// <summary>A file on this machine; not ":memory:", because every query opens a connection of its own.</summary>
    public static ReadModelDatabase Sqlite(string connectionString, IQueryPath? path = null) =>
        new(new SqliteSource(connectionString), SqlDialect.Sqlite, ownsSource: true, path);

    /// <summary>The schema that connections of the source search first. The sources stay their owner's.</summary>
    /// <param name="source">The primary, which has all writes.</param>
    /// <param name="path">How queries are made; as they come when null.</param>
    /// <param name="replica">Follows the primary and only answers queries. Whether it is asked is for the path to say.</param>
    public static ReadModelDatabase Postgres(NpgsqlDataSource source, IQueryPath? path = null, NpgsqlDataSource? replica = null) =>
        new(source, SqlDialect.Postgres, ownsSource: false, path, replica);

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

    /// <summary>All rows of a query, which may be made twice.</summary>
    internal async Task<List<T>> QueryAsync<T>(
        string sql, object? parameters, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await ReadAsync(sql, parameters, row => rows.Add(read(row)), cancellationToken);
        return rows;
    }

    /// <summary>For answers of many rows of which few things are kept, to a query that may be made twice.</summary>
    internal Task ReadAsync(
        string sql, object? parameters, Action<DbDataReader> read, CancellationToken cancellationToken)
    {
        return path is null
            ? ReadFromAsync(source, cancellationToken)
            : path.ReadAsync(
                token => ReadFromAsync(source, token),
                replica is null ? null : token => ReadFromAsync(replica, token),
                cancellationToken);

        Task ReadFromAsync(DbDataSource from, CancellationToken token) => ReadModelDatabase.ReadAsync(from, sql, parameters, read, token);
    }

    internal async Task<long> CountAsync(string sql, object? parameters, CancellationToken cancellationToken) =>
        (await QueryAsync(sql, parameters, row => row.GetInt64(0), cancellationToken))[0];

    // A pool does not know which of its connections have ended, as all do when the database starts again. Nobody is to notice, so that
    // a query whose connection turns out to have ended is made once more. By then the pool has dropped the others.
    private static async Task ReadAsync(
        DbDataSource source, string sql, object? parameters, Action<DbDataReader> read, CancellationToken cancellationToken)
    {
        if (!await TryReadAsync(source, sql, parameters, read, cancellationToken))
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await ReadAsync(connection, sql, parameters, read, cancellationToken);
        }
    }

    /// <summary>Makes a query; false when its connection had ended before a row came.</summary>
    private static async Task<bool> TryReadAsync(
        DbDataSource source, string sql, object? parameters, Action<DbDataReader> read, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var hasRows = false;
        try
        {
            await ReadAsync(connection, sql, parameters, Read, cancellationToken);
            return true;
        }
        catch (DbException exception) when (!hasRows && HasEnded(connection, exception) && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }

        void Read(DbDataReader row)
        {
            hasRows = true;
            read(row);
        }
    }

    // Not when it took too long: that would take as long again.
    private static bool HasEnded(DbConnection connection, DbException exception) =>
        connection.State != ConnectionState.Open && exception is { IsTransient: true, InnerException: not TimeoutException };

    private static async Task ReadAsync(
        DbConnection connection, string sql, object? parameters, Action<DbDataReader> read, CancellationToken cancellationToken)
    {
        var command = new CommandDefinition(
            sql, parameters is null ? null : new StoredParameters(parameters), cancellationToken: cancellationToken);
        await using var reader = await connection.ExecuteReaderAsync(command);
        while (await reader.ReadAsync(cancellationToken))
        {
            read(reader);
        }
    }
}
