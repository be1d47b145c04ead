using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Lms.ReadModel.Infrastructure;

/// <summary>Connections to a SQLite file, each set up before anyone uses it.</summary>
internal sealed class SqliteSource(string connectionString) : DbDataSource
{
    // synchronous=NORMAL may lose the last transactions when the machine loses power, and never corrupts the file. That
    // is enough here: the read model holds nothing of its own and can always be rebuilt from the states.
    private const string Settings =
        "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;";

    public override string ConnectionString { get; } = connectionString;

    protected override DbConnection CreateDbConnection() => new SqliteConnection(ConnectionString);

    protected override DbConnection OpenDbConnection()
    {
        var connection = CreateDbConnection();
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = Settings;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // SQLite works on the caller's thread, whatever the method is called.
    protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(OpenDbConnection());
    }

    protected override void Dispose(bool disposing)
    {
        // Pooled connections hold the file open.
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
        base.Dispose(disposing);
    }
}
