using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Tests;

/// <summary>A test with a read model of its own, in a fresh SQLite file.</summary>
public abstract class ReadModelTest : IAsyncLifetime
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("lms-read-model-");

    protected ReadModelTest() =>
        Database = ReadModelDatabase.Sqlite($"Data Source={Path.Combine(directory.FullName, "read-model.db")}");

    protected ReadModelDatabase Database { get; }

    protected ReadModelWriter Writer => new(Database);

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await Database.MigrateAsync(Token);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        directory.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    protected Task StoreAsync(params Projection[] rows) => Writer.ApplyAsync(rows, Token);

    protected async Task ExecuteAsync(string sql) => await Database.QueryAsync(sql, null, _ => 0, Token);
}
