using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Lms.Grains.Infrastructure;
using Microsoft.Data.Sqlite;

namespace Lms.Silo.Storage;

/// <summary>The SQLite file that holds the states of an embedded library.</summary>
internal sealed class SqliteStates : IStoredStates
{
    private readonly string _connectionString;

    public SqliteStates(string path) : this(path, SqliteOpenMode.ReadWriteCreate, isPooled: true) => CreateSchema();

    private SqliteStates(string path, SqliteOpenMode mode, bool isPooled)
    {
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = isPooled,
            DefaultTimeout = 10,
        }.ToString();
        Source = new StatesSource(_connectionString);
    }

    /// <summary>Connections for Orleans' ADO.NET storage; those of a thread in a group commit share its transaction.</summary>
    public DbDataSource Source { get; }

    /// <summary>A file that stays as it is, whoever else has it open.</summary>
    public static SqliteStates ReadOnly(string path) => new(path, SqliteOpenMode.ReadOnly, isPooled: false);

    public SqliteConnection Open() => Open(_connectionString);

    public async Task<IReadOnlyList<StoredVersion>> GetVersionsAsync(string stateName, CancellationToken cancellationToken)
    {
        await using var connection = Open();
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT GrainIdExtensionString, Version, ModifiedOn FROM OrleansStorage
            WHERE GrainTypeString = @state AND PayloadBinary IS NOT NULL AND GrainIdExtensionString IS NOT NULL
            """;
        command.Parameters.AddWithValue("@state", stateName);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<StoredVersion>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new(
                reader.GetString(0),
                reader.GetInt64(1),
                Instant(reader.GetString(2))));
        }

        return rows;
    }

    public async Task<StoredState?> FindAsync(string stateName, string key, CancellationToken cancellationToken)
    {
        await using var connection = Open();
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT Version, PayloadBinary FROM OrleansStorage
            WHERE GrainTypeString = @state AND GrainIdExtensionString = @key AND PayloadBinary IS NOT NULL
            """;
        command.Parameters.AddWithValue("@state", stateName);
        command.Parameters.AddWithValue("@key", key);
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
        await using var connection = Open();
        await using var command = connection.CreateCommand();
        var names = (stateNames ?? []).Index().ToDictionary(name => $"@state{name.Index}", name => name.Item, StringComparer.Ordinal);
        command.CommandText =
            $"""
            SELECT
                GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId,
                PayloadBinary, ModifiedOn, Version
            FROM OrleansStorage
            {(stateNames is null ? "" : $"WHERE GrainTypeString IN ({string.Join(", ", names.Keys)})")}
            """;
        foreach (var (parameter, name) in names)
        {
            command.Parameters.AddWithValue(parameter, name);
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
                Instant(reader.GetString(8)),
                reader.GetInt64(9));
        }
    }

    private static DateTimeOffset Instant(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static SqliteConnection Open(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        SetUp(connection);
        return connection;
    }

    // FULL: an acknowledged write survives the loss of power, not only that of the process.
    private static void SetUp(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL;";
        command.ExecuteNonQuery();
    }

    /// <summary>As the storage writes instants, and as fine as PostgreSQL knows them.</summary>
    internal static string TextOf(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Makes the tables where there are none.</summary>
    internal static string SchemaText()
    {
        using var script = new StreamReader(
            typeof(SqliteStates).Assembly.GetManifestResourceStream("Silo.Storage.SqliteSchema.sql")
            ?? throw new InvalidOperationException("The schema of the states is missing from the assembly."));
        return script.ReadToEnd();
    }

    private void CreateSchema()
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL;" + SchemaText();
        command.ExecuteNonQuery();
    }

    private sealed class StatesSource(string connectionString) : DbDataSource
    {
        public override string ConnectionString => connectionString;

        protected override DbConnection CreateDbConnection() =>
            GroupCommit.Current is { } writer ? new BorrowedConnection(writer) : new StatesConnection(connectionString);
    }

    private sealed class StatesConnection(string connectionString) : SqliteConnection(connectionString)
    {
        public override void Open()
        {
            base.Open();
            SetUp(this);
        }
    }

    /// <summary>Looks like a connection of its own, and is the open transaction of the group commit.</summary>
    private sealed class BorrowedConnection(SqliteConnection writer) : SqliteConnection
    {
        private bool _isOpen;

        public override ConnectionState State => _isOpen ? ConnectionState.Open : ConnectionState.Closed;

        public override void Open() => _isOpen = true;

        public override void Close() => _isOpen = false;

        public override SqliteCommand CreateCommand()
        {
            var command = writer.CreateCommand();
            command.Transaction = GroupCommit.CurrentTransaction;
            return command;
        }
    }
}
