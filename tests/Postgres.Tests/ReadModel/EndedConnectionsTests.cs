using Npgsql;

namespace Lms.ReadModel.Tests;

/// <summary>PostgreSQL ends all connections when it starts again; those in a pool tell nobody.</summary>
public sealed class EndedConnectionsTests : ReadModelTest
{
    [Fact]
    public async Task A_query_does_not_notice_that_the_connections_of_the_pool_have_ended()
    {
        await PoolAsync(connections: 5);
        await EndAllAsync();

        Assert.Equal(1, await Database.CountAsync("SELECT 1::bigint", null, Token));
    }

    [Fact]
    public async Task A_query_that_ends_its_connection_by_itself_fails()
    {
        await PoolAsync(connections: 1);

        var fault = await Assert.ThrowsAsync<PostgresException>(
            () => Database.CountAsync("SELECT 1::bigint WHERE pg_terminate_backend(pg_backend_pid())", null, Token));

        Assert.Equal(PostgresErrorCodes.AdminShutdown, fault.SqlState);
    }

    [Fact]
    public async Task Rows_that_were_read_are_not_read_again()
    {
        await PoolAsync(connections: 1);
        var rows = new List<int>();

        // The first row is longer than what PostgreSQL gathers before it sends.
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Database.ReadAsync(
            """
            SELECT n, repeat('x', 100000)
            FROM generate_series(1, 3) AS n
            WHERE n < 3 OR pg_terminate_backend(pg_backend_pid())
            """,
            null,
            row => rows.Add(row.GetInt32(0)),
            Token));

        Assert.Equal(rows.Distinct(), rows);
        Assert.NotEmpty(rows);
    }

    private async Task PoolAsync(int connections)
    {
        var open = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Source.OpenConnectionAsync(Token).AsTask()));
        await Task.WhenAll(open.Select(connection => connection.DisposeAsync().AsTask()));
    }

    private async Task EndAllAsync()
    {
        await using var other = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Source.ConnectionString) { Pooling = false }.ToString());
        await other.OpenAsync(Token);
        await using var end = new NpgsqlCommand(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
            other);
        await end.ExecuteNonQueryAsync(Token);
    }
}
