using System.Data.Common;
using Dapper;

namespace Lms.ReadModel.Infrastructure;

internal sealed class Migration(DbConnection connection, DbTransaction transaction, SqlDialect dialect)
{
    private const string Versions = "schema_versions";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync(dialect.MigrationLock, null, cancellationToken);
        var existing = await TextsAsync(dialect.TableNames, cancellationToken);
        await ExecuteAsync(
            dialect.Schema($"CREATE TABLE IF NOT EXISTS {Versions} (state TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL)"),
            null,
            cancellationToken);
        var versions = await VersionsAsync(cancellationToken);

        if (ProjectionTables.All.Any(table => !IsIntact(table, versions.GetValueOrDefault(table.State), existing)))
        {
            await DropAsync(cancellationToken);
            versions.Clear();
        }

        foreach (var table in ProjectionTables.All)
        {
            await RaiseAsync(table, versions.GetValueOrDefault(table.State), cancellationToken);
        }

        await ExecuteAsync(dialect.AfterMigration, null, cancellationToken);
    }

    /// <summary>True when every table is there, and not older than this release; changes nothing.</summary>
    public async Task<bool> IsCurrentAsync(CancellationToken cancellationToken)
    {
        var existing = await TextsAsync(dialect.TableNames, cancellationToken);
        if (!existing.Contains(Versions))
        {
            return false;
        }

        var versions = await VersionsAsync(cancellationToken);
        return ProjectionTables.All.All(table =>
            versions.GetValueOrDefault(table.State) >= table.Migrations.Count
            && IsIntact(table, versions[table.State], existing));
    }

    private static bool IsIntact(ProjectionTable table, int version, HashSet<string> existing)
    {
        if (version == 0)
        {
            return !table.Names.Any(existing.Contains);
        }

        // What a newer release has made, or an older one made of it, is not ours to judge.
        return version != table.Migrations.Count || table.Names.All(existing.Contains);
    }

    private async Task DropAsync(CancellationToken cancellationToken)
    {
        foreach (var name in ProjectionTables.All.SelectMany(table => table.Names))
        {
            await ExecuteAsync($"DROP TABLE IF EXISTS {name}", null, cancellationToken);
        }

        await ExecuteAsync($"DELETE FROM {Versions}", null, cancellationToken);
    }

    private async Task RaiseAsync(ProjectionTable table, int version, CancellationToken cancellationToken)
    {
        foreach (var sql in table.Migrations.Skip(version))
        {
            version++;
            await ExecuteAsync(dialect.Schema(sql), null, cancellationToken);
            await ExecuteAsync(
                $"""
                INSERT INTO {Versions} (state, version) VALUES (@State, @version)
                ON CONFLICT (state) DO UPDATE SET version = excluded.version
                """,
                new { table.State, version },
                cancellationToken);
        }
    }

    private async Task<Dictionary<string, int>> VersionsAsync(CancellationToken cancellationToken)
    {
        var versions = new Dictionary<string, int>(StringComparer.Ordinal);
        await using var reader = await connection.ExecuteReaderAsync(
            Command($"SELECT state, version FROM {Versions}", null, cancellationToken));
        while (await reader.ReadAsync(cancellationToken))
        {
            versions.Add(reader.Text("state"), reader.Number("version"));
        }

        return versions;
    }

    private async Task<HashSet<string>> TextsAsync(string sql, CancellationToken cancellationToken) =>
        [.. await connection.QueryAsync<string>(Command(sql, null, cancellationToken))];

    private Task ExecuteAsync(string? sql, object? parameters, CancellationToken cancellationToken) =>
        sql is null ? Task.CompletedTask : connection.ExecuteAsync(Command(sql, parameters, cancellationToken));

    private CommandDefinition Command(string sql, object? parameters, CancellationToken cancellationToken) =>
        new(sql, parameters, transaction, cancellationToken: cancellationToken);
}
