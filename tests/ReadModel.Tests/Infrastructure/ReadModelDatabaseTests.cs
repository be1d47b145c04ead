using Lms.ReadModel.Authors;
using Lms.ReadModel.Genres;
using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Tests.Infrastructure;

public sealed class ReadModelDatabaseTests : ReadModelTest
{
    public static TheoryData<string> Tables => [.. ProjectionTables.All.SelectMany(table => table.Names)];

    [Fact]
    public async Task Migrating_again_keeps_what_is_stored()
    {
        await StoreAsync(Any.Author(1, "Kept"));

        await Database.MigrateAsync(Token);

        Assert.Single(await AuthorsAsync());
    }

    [Fact]
    public async Task Many_may_migrate_at_once()
    {
        await ExecuteAsync("DROP TABLE schema_versions");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Database.MigrateAsync(Token), Token)));

        await StoreAsync(Any.Author(1));
        Assert.Single(await AuthorsAsync());
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task When_a_table_was_deleted_all_are_made_anew(string table)
    {
        await StoreAsync(Any.Author(1), Any.Genre("Drama"));
        await ExecuteAsync($"DROP TABLE {table}");

        await Database.MigrateAsync(Token);

        Assert.Empty(await AuthorsAsync());
        Assert.Empty((await new GenreQueries(Database).AllAsync(0, 10, Token)).Items);
        await StoreAsync(Any.Author(1));
        Assert.Single(await AuthorsAsync());
    }

    [Fact]
    public async Task When_the_versions_were_deleted_all_tables_are_made_anew()
    {
        await StoreAsync(Any.Author(1));
        await ExecuteAsync("DELETE FROM schema_versions");

        await Database.MigrateAsync(Token);

        Assert.Empty(await AuthorsAsync());
    }

    [Fact]
    public async Task Tables_of_a_newer_release_are_not_touched()
    {
        await StoreAsync(Any.Author(1));
        await ExecuteAsync("UPDATE schema_versions SET version = 99 WHERE state = 'author'");

        await Database.MigrateAsync(Token);

        Assert.Single(await AuthorsAsync());
        Assert.Equal(99, await Database.CountAsync(
            "SELECT version FROM schema_versions WHERE state = 'author'", null, Token));
    }

    [Fact]
    public async Task Clearing_forgets_every_row_and_its_version()
    {
        await StoreAsync(Any.Author(1) with { RowVersion = 9 }, Any.Book("1", authors: [1]));

        await Database.ClearAsync(Token);

        foreach (var table in ProjectionTables.All.SelectMany(table => table.Names))
        {
            Assert.Equal(0, await Database.CountAsync($"SELECT COUNT(*) FROM {table}", null, Token));
        }

        await StoreAsync(Any.Author(1) with { RowVersion = 2 });
        Assert.Single(await AuthorsAsync());
    }

    [Fact]
    public async Task It_is_current_unless_a_table_is_missing_or_older()
    {
        Assert.True(await Database.IsCurrentAsync(Token));

        await ExecuteAsync("UPDATE schema_versions SET version = 99 WHERE state = 'author'");
        Assert.True(await Database.IsCurrentAsync(Token));

        await ExecuteAsync("UPDATE schema_versions SET version = 1 WHERE state = 'author'");
        Assert.False(await Database.IsCurrentAsync(Token));

        await ExecuteAsync("DROP TABLE schema_versions");
        Assert.False(await Database.IsCurrentAsync(Token));

        await Database.MigrateAsync(Token);
        await ExecuteAsync("DROP TABLE book_index");
        Assert.False(await Database.IsCurrentAsync(Token));
    }

    private Task<IReadOnlyList<AuthorSummary>> AuthorsAsync() =>
        new AuthorQueries(Database).StartingWithAsync("", Token);
}
