using Lms.ApiFrontend.Status;
using Lms.ReadModel.Infrastructure;
using Lms.Silo.Storage;
using Npgsql;

namespace Lms.Postgres.Tests.Storage;

public sealed class PostgresSchemaTests : IAsyncLifetime
{
    private NpgsqlDataSource _owner = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _owner = await PostgresFixture.CreateDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        if (_owner is not null)
        {
            await PostgresFixture.DropAsync(_owner);
        }
    }

    [Fact]
    public async Task Five_may_migrate_an_empty_database_at_once()
    {
        Assert.False(await PostgresSchema.IsCurrentAsync(_owner, Token));

        await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
        {
            await using var own = await PostgresFixture.OpenAsync(PostgresFixture.NameOf(_owner));
            await PostgresSchema.MigrateAsync(own, cancellationToken: Token);
        }));

        Assert.True(await PostgresSchema.IsCurrentAsync(_owner, Token));
    }

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        await PostgresSchema.MigrateAsync(_owner, cancellationToken: Token);
        await ExecuteAsync("INSERT INTO silo_stamps VALUES ('a', now())");
        var before = await ObjectsAsync();

        await PostgresSchema.MigrateAsync(_owner, cancellationToken: Token);

        Assert.Equal(before, await ObjectsAsync());
        Assert.Equal(1L, await ScalarAsync("SELECT COUNT(*) FROM silo_stamps"));
    }

    [Theory]
    [InlineData("DROP TABLE silo_stamps")]
    [InlineData("DROP TABLE OrleansStorage")]
    [InlineData("DELETE FROM lms_schema WHERE version > 1")]
    [InlineData("DROP TABLE lms_schema")]
    [InlineData("DROP TABLE books")]
    [InlineData("UPDATE schema_versions SET version = version - 1")]
    public async Task What_lacks_something_is_not_current(string change)
    {
        await PostgresSchema.MigrateAsync(_owner, cancellationToken: Token);

        await ExecuteAsync(change);

        Assert.False(await PostgresSchema.IsCurrentAsync(_owner, Token));
    }

    [Fact]
    public async Task States_that_are_gone_are_not_made_anew()
    {
        await PostgresSchema.MigrateAsync(_owner, cancellationToken: Token);
        await ExecuteAsync("DROP TABLE OrleansStorage");

        await Assert.ThrowsAsync<InvalidOperationException>(() => PostgresSchema.MigrateAsync(_owner, cancellationToken: Token));
    }

    [Fact]
    public async Task A_newer_schema_is_current()
    {
        await PostgresSchema.MigrateAsync(_owner, cancellationToken: Token);
        await ExecuteAsync("INSERT INTO lms_schema VALUES (99, now()); UPDATE schema_versions SET version = 99");

        await PostgresSchema.MigrateAsync(_owner, cancellationToken: Token);

        Assert.True(await PostgresSchema.IsCurrentAsync(_owner, Token));
    }

    [Theory]
    [InlineData("CREATE TABLE other (id INTEGER)")]
    [InlineData("ALTER TABLE books ADD COLUMN other INTEGER")]
    [InlineData("UPDATE OrleansQuery SET QueryText = ''")]
    [InlineData("DELETE FROM lms_schema")]
    public async Task The_role_of_the_silos_changes_no_tables(string sql)
    {
        await using var silo = await MigratedForAsync(PostgresLibrary.Role);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => PostgresFixture.ExecuteAsync(silo, sql));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        Assert.True(await PostgresSchema.IsCurrentAsync(silo, Token));
    }

    [Fact]
    public async Task The_role_of_the_silos_writes_the_read_model_and_stamps()
    {
        await using var silo = await MigratedForAsync(PostgresLibrary.Role);
        var readModel = ReadModelDatabase.Postgres(silo);

        await new ReadModelWriter(readModel).ApplyAsync(
            [Lms.ReadModel.Tests.Any.Author(1), Lms.ReadModel.Tests.Any.Book("9780000000019", authors: [1])], Token);
        await readModel.ClearAsync(Token);
        await PostgresFixture.ExecuteAsync(silo, "INSERT INTO silo_stamps VALUES ('a', now()); DELETE FROM silo_stamps");
    }

    [Fact]
    public async Task The_page_about_roles_says_what_works()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository(), "docs", "postgresql.md"), Token);
        var blocks = page.Split("```sql")[1..].Select(part => part.Split("```")[0].Replace("DATABASE lms", $"DATABASE {PostgresFixture.NameOf(_owner)}", StringComparison.Ordinal)).ToList();
        await PostgresFixture.CreateRoleAsync(_owner, "lms_owner");
        await PostgresFixture.CreateRoleAsync(_owner, PostgresLibrary.Role);
        await PostgresFixture.CreateRoleAsync(_owner, "lms_reader");
        await ExecuteAsync(string.Concat(blocks[0].Split('\n').Where(line => !line.StartsWith("CREATE", StringComparison.Ordinal)).Select(line => line + "\n")));
        await using (var owner = await PostgresFixture.OpenAsync(PostgresFixture.NameOf(_owner), "lms_owner"))
        {
            await PostgresSchema.MigrateAsync(owner, PostgresLibrary.Role, Token);
            foreach (var block in blocks[1..])
            {
                await PostgresFixture.ExecuteAsync(owner, block);
            }
        }

        await using var reader = await PostgresFixture.OpenAsync(PostgresFixture.NameOf(_owner), "lms_reader");
        var readModel = ReadModelDatabase.Postgres(reader);
        Assert.True(await readModel.IsCurrentAsync(Token));
        foreach (var table in ProjectionTables.All.SelectMany(table => table.Names))
        {
            Assert.Equal(0, await readModel.CountAsync($"SELECT COUNT(*) FROM {table}", null, Token));
        }

        var status = new PostgresStatus(reader, GatewayRun.Of("one"));
        MinuteCount[] counts = [new(DateTimeOffset.UnixEpoch, "books", new(1, 0, 0, 0))];
        await status.WriteAsync(counts, Token);
        await status.WriteAsync(counts, Token);
        Assert.True(await status.ReportAsync(new(Guid.NewGuid(), "books", Health.Down, [], DateTimeOffset.UnixEpoch), Token));
        Assert.Single(await status.CloseSilentAsync(TimeSpan.FromSeconds(-60), Token));
        await status.DeleteBeforeAsync(DateTimeOffset.UnixEpoch.AddDays(1), Token);

        await Assert.ThrowsAsync<PostgresException>(() => PostgresFixture.ExecuteAsync(reader, "SELECT * FROM OrleansStorage"));
        await Assert.ThrowsAsync<PostgresException>(() => PostgresFixture.ExecuteAsync(reader, "DELETE FROM books"));
    }

    [Fact]
    public async Task Without_the_right_to_create_extensions_only_the_trigram_indexes_are_missing()
    {
        await PostgresFixture.CreateRoleAsync(_owner, "lms_owner");
        await ExecuteAsync("CREATE SCHEMA owned AUTHORIZATION lms_owner");
        await using var owner = NpgsqlDataSource.Create(
            (await PostgresFixture.ConnectionStringAsync(PostgresFixture.NameOf(_owner), "lms_owner")) + ";Search Path=owned");

        await PostgresSchema.MigrateAsync(owner, cancellationToken: Token);

        Assert.True(await PostgresSchema.IsCurrentAsync(owner, Token));
        Assert.Equal(0L, await ScalarAsync("SELECT COUNT(*) FROM pg_indexes WHERE indexdef LIKE '%trgm%'"));
        await ExecuteAsync("CREATE EXTENSION pg_trgm SCHEMA owned");
        await PostgresSchema.MigrateAsync(owner, cancellationToken: Token);
        Assert.Equal(4L, await ScalarAsync("SELECT COUNT(*) FROM pg_indexes WHERE indexdef LIKE '%trgm%'"));
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Lms.Orleans.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    private async Task<NpgsqlDataSource> MigratedForAsync(string role)
    {
        await PostgresFixture.CreateRoleAsync(_owner, role);
        await PostgresSchema.MigrateAsync(_owner, role, Token);
        return await PostgresFixture.OpenAsync(PostgresFixture.NameOf(_owner), role);
    }

    private Task ExecuteAsync(string sql) => PostgresFixture.ExecuteAsync(_owner, sql);

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _owner.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Token);
    }

    private async Task<List<string>> ObjectsAsync()
    {
        await using var command = _owner.CreateCommand(
            "SELECT oid || ' ' || relname || ' ' || relfilenode FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY oid");
        await using var reader = await command.ExecuteReaderAsync(Token);
        var objects = new List<string>();
        while (await reader.ReadAsync(Token))
        {
            objects.Add(reader.GetString(0));
        }

        return objects;
    }
}
