using System.Collections.Concurrent;
using Lms.Postgres.Tests;
using Lms.ReadModel.Infrastructure;
using Npgsql;

namespace Lms.ReadModel.Tests;

/// <summary>A test with an empty read model of its own. Databases are used again, for it takes long to make one.</summary>
public abstract class ReadModelTest : IAsyncLifetime
{
    private static readonly ConcurrentBag<NpgsqlDataSource> s_used = [];

    private bool _isOtherwise;

    protected ReadModelDatabase Database { get; private set; } = null!;

    protected NpgsqlDataSource Source { get; private set; } = null!;

    protected ReadModelWriter Writer => new(Database);

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync()
    {
        if (s_used.TryTake(out var used))
        {
            (Source, Database) = (used, ReadModelDatabase.Postgres(used));
            await Database.ClearAsync(Token);
            return;
        }

        Source = await PostgresFixture.CreateDatabaseAsync();
        Database = ReadModelDatabase.Postgres(Source);
        await Database.MigrateAsync(Token);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_isOtherwise)
        {
            await PostgresFixture.DropAsync(Source);
        }
        else if (Source is not null)
        {
            s_used.Add(Source);
        }

        GC.SuppressFinalize(this);
    }

    protected Task StoreAsync(params Projection[] rows) => Writer.ApplyAsync(rows, Token);

    /// <summary>SQL of the test's own, after which nobody else should use the database.</summary>
    protected async Task ExecuteAsync(string sql)
    {
        _isOtherwise = true;
        await Database.QueryAsync(sql, null, _ => 0, Token);
    }
}
