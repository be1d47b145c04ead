using Lms.Chaos.Servers;
using Npgsql;

[assembly: AssemblyFixture(typeof(Lms.Postgres.Tests.PostgresFixture))]

namespace Lms.Postgres.Tests;

/// <summary>One server for all tests, with a database of its own for whoever asks.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private static readonly SemaphoreSlim s_one = new(1, 1);
    private static readonly SemaphoreSlim s_roles = new(1, 1);
    private static PostgresServer? s_server;
    private static string? s_folder;
    private static int s_databases;

    /// <summary>A new database with nothing in it.</summary>
    public static async Task<NpgsqlDataSource> CreateDatabaseAsync()
    {
        var server = await ServerAsync();
        var name = $"test_{Interlocked.Increment(ref s_databases)}";
        await server.ExecuteAsync($"CREATE DATABASE {name}", TestContext.Current.CancellationToken);
        return await OpenAsync(name);
    }

    public static async Task<NpgsqlDataSource> OpenAsync(string database, string user = "postgres") =>
        NpgsqlDataSource.Create(await ConnectionStringAsync(database, user));

    public static async Task<string> ConnectionStringAsync(string database, string user) =>
        (await ServerAsync()).ConnectionString(database, user);

    /// <summary>A role that may sign in and nothing else. Roles are those of the server: another test may have made it.</summary>
    public static async Task CreateRoleAsync(NpgsqlDataSource source, string role)
    {
        // Locks of the server are those of one database each.
        await s_roles.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await ExecuteAsync(
                source,
                $"""
                DO $$ BEGIN
                    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
                        CREATE ROLE {role} LOGIN;
                    END IF;
                END $$
                """);
        }
        finally
        {
            s_roles.Release();
        }
    }

    /// <summary>The name of the database that the source connects to.</summary>
    public static string NameOf(NpgsqlDataSource source) =>
        new NpgsqlConnectionStringBuilder(source.ConnectionString).Database!;

    /// <summary>Ends the connections of the source, and what they are connected to.</summary>
    public static async Task DropAsync(NpgsqlDataSource source)
    {
        var name = NameOf(source);
        await source.DisposeAsync();
        await ExecuteAsync(await ServerAsync(), $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    }

    public static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (s_server is { } server)
        {
            await server.DisposeAsync();
            Directory.Delete(s_folder!, recursive: true);
        }
    }

    private static async Task ExecuteAsync(PostgresServer server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString());
        await ExecuteAsync(source, sql);
    }

    private static async Task<PostgresServer> ServerAsync()
    {
        await s_one.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (s_server is null)
            {
                _ = ServerPrograms.Postgres("initdb");
                s_folder = Directory.CreateTempSubdirectory("lms-postgres-").FullName;
                s_server = new(s_folder, Ports.Free());
                await s_server.StartAsync(TestContext.Current.CancellationToken);
            }

            return s_server;
        }
        catch (MissingServerException missing) when (!IsRequired)
        {
            Assert.Skip(missing.Message);
            throw;
        }
        finally
        {
            s_one.Release();
        }
    }

    private static bool IsRequired => string.Equals(Environment.GetEnvironmentVariable("LMS_CI"), "1", StringComparison.Ordinal);
}
