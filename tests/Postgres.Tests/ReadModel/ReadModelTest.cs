using Lms.Postgres.Tests;
using Lms.ReadModel.Infrastructure;
using Npgsql;

namespace Lms.ReadModel.Tests;

/// <summary>A test with a read model of its own, in a fresh database.</summary>
public abstract class ReadModelTest : IAsyncLifetime
{
    private static readonly SemaphoreSlim s_one = new(1, 1);
    private static string? s_template;

    protected ReadModelDatabase Database { get; private set; } = null!;

    protected NpgsqlDataSource Source { get; private set; } = null!;

    protected ReadModelWriter Writer => new(Database);

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync()
    {
        Source = await PostgresFixture.CreateDatabaseAsync(await TemplateAsync());
        Database = ReadModelDatabase.Postgres(Source);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (Source is not null)
        {
            await PostgresFixture.DropAsync(Source);
        }

        GC.SuppressFinalize(this);
    }

    protected Task StoreAsync(params Projection[] rows) => Writer.ApplyAsync(rows, Token);

    protected async Task ExecuteAsync(string sql) => await Database.QueryAsync(sql, null, _ => 0, Token);

    private static async Task<string> TemplateAsync()
    {
        await s_one.WaitAsync(Token);
        try
        {
            if (s_template is null)
            {
                await using var source = await PostgresFixture.CreateDatabaseAsync();
                await ReadModelDatabase.Postgres(source).MigrateAsync(Token);
                s_template = PostgresFixture.NameOf(source);
            }

            return s_template;
        }
        finally
        {
            s_one.Release();
        }
    }
}
