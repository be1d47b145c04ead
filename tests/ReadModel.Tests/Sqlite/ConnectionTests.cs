namespace Lms.ReadModel.Tests.Sqlite;

public sealed class ConnectionTests : ReadModelTest
{
    [Fact]
    public async Task Every_connection_waits_for_locks_and_writes_ahead()
    {
        Assert.Equal(5000, await Database.CountAsync("PRAGMA busy_timeout", null, Token));
        Assert.Equal(1, await Database.CountAsync("PRAGMA synchronous", null, Token));
        Assert.Equal(
            ["wal"], await Database.QueryAsync("PRAGMA journal_mode", null, row => row.GetString(0), Token));
    }
}
