using System.Globalization;
using Lms.ReadModel.Infrastructure;
using Npgsql;

namespace Lms.Silo.Storage;

/// <summary>The tables of a library on PostgreSQL: those of the grains and those of the read model.</summary>
/// <remarks>
/// The role that migrates owns them. Silos and gateways have roles that cannot change them. A silo asks
/// <see cref="IsCurrentAsync"/> at its start, and so do commands; a gateway starts without: see docs/postgresql.md.
/// </remarks>
public static class PostgresSchema
{
    // Any number, as long as nothing else in the database locks by it.
    private const long Migrating = 7310003;

    /// <summary>The n-th leads from version n - 1 to version n. A released one never changes.</summary>
    private static readonly string[] s_scripts =
        ["PostgresStorage.sql", "PostgresReminders.sql", "PostgresSilos.sql", "PostgresMoves.sql", "PostgresStatus.sql"];

    private static readonly string[] s_tables =
    [
        "orleansquery", "orleansstorage", "orleansreminderstable", "silo_stamps", "library_moves", "request_counts", "incidents",
    ];

    /// <summary>Brings all tables to the newest version. Safe to repeat and to run from several processes.</summary>
    /// <param name="source">Connects as the owner of the schema that is searched first.</param>
    /// <param name="grantTo">The role of the silos, which gets the rights that they need; null to grant nothing.</param>
    /// <param name="cancellationToken">Gives it up; nothing is half done.</param>
    public static async Task MigrateAsync(
        NpgsqlDataSource source, string? grantTo = null, CancellationToken cancellationToken = default)
    {
        await MigrateStatesAsync(source, cancellationToken);
        await ReadModelDatabase.Postgres(source).MigrateAsync(cancellationToken);
        if (grantTo is not null)
        {
            await GrantAsync(source, grantTo, cancellationToken);
        }
    }

    /// <summary>True when every table is there, and not older than this release. Only reads.</summary>
    public static async Task<bool> IsCurrentAsync(NpgsqlDataSource source, CancellationToken cancellationToken = default)
    {
        await using (var connection = await source.OpenConnectionAsync(cancellationToken))
        {
            if (!await ExistsAsync(connection, "lms_schema", cancellationToken)
                || await VersionAsync(connection, cancellationToken) < s_scripts.Length
                || await MissingAsync(connection, cancellationToken) is not null)
            {
                return false;
            }
        }

        return await ReadModelDatabase.Postgres(source).IsCurrentAsync(cancellationToken);
    }

    private static async Task MigrateStatesAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({Migrating})"), cancellationToken);
        await ExecuteAsync(
            connection,
            "CREATE TABLE IF NOT EXISTS lms_schema (version INTEGER PRIMARY KEY, migrated_at TIMESTAMPTZ NOT NULL)",
            cancellationToken);
        var version = await VersionAsync(connection, cancellationToken);
        foreach (var script in s_scripts.Skip(version))
        {
            version++;
            await ExecuteAsync(connection, Text(script), cancellationToken);
            await ExecuteAsync(
                connection,
                string.Create(CultureInfo.InvariantCulture, $"INSERT INTO lms_schema (version, migrated_at) VALUES ({version}, now())"),
                cancellationToken);
        }

        // To make them anew would look like a library without books.
        if (await MissingAsync(connection, cancellationToken) is { } missing)
        {
            throw new InvalidOperationException($"The table {missing} is missing although the schema has version {version}. Restore a backup.");
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Everything but versions and the queries of Orleans, which only a migration writes.</summary>
    private static async Task GrantAsync(NpgsqlDataSource source, string role, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var quote = new NpgsqlCommand("SELECT quote_ident(current_schema()), quote_ident($1)", connection);
        quote.Parameters.AddWithValue(role);
        string schema, name;
        await using (var reader = await quote.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            (schema, name) = (reader.GetString(0), reader.GetString(1));
        }

        await ExecuteAsync(
            connection,
            $"""
            GRANT USAGE ON SCHEMA {schema} TO {name};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {name};
            REVOKE INSERT, UPDATE, DELETE ON lms_schema, schema_versions, OrleansQuery FROM {name};
            """,
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<string?> MissingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var table in s_tables)
        {
            if (!await ExistsAsync(connection, table, cancellationToken))
            {
                return table;
            }
        }

        return null;
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1)", connection);
        command.Parameters.AddWithValue(table);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT COALESCE(MAX(version), 0) FROM lms_schema", connection);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Text(string script)
    {
        using var reader = new StreamReader(
            typeof(PostgresSchema).Assembly.GetManifestResourceStream($"Silo.Storage.{script}")
            ?? throw new InvalidOperationException($"{script} is missing from the assembly."));
        return reader.ReadToEnd();
    }
}
