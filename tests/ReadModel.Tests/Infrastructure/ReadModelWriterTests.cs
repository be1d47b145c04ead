using Lms.ReadModel.Authors;
using Lms.ReadModel.Books;
using Lms.ReadModel.Infrastructure;
using Lms.ReadModel.Lendings;
using Lms.ReadModel.Readers;

namespace Lms.ReadModel.Tests.Infrastructure;

public sealed class ReadModelWriterTests : ReadModelTest
{
    [Fact]
    public async Task A_newer_row_replaces_an_older_one()
    {
        await StoreAsync(Any.Author(1, "Before") with { RowVersion = 4 });

        await StoreAsync(Any.Author(1, "After") with { RowVersion = 5 });

        Assert.Equal("After", await NameAsync());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task An_older_or_equal_row_is_left_alone(long rowVersion)
    {
        await StoreAsync(Any.Author(1, "Stored") with { RowVersion = 4 });

        await StoreAsync(Any.Author(1, "Late") with { RowVersion = rowVersion });

        Assert.Equal("Stored", await NameAsync());
    }

    [Fact]
    public async Task The_newest_of_one_batch_wins_whatever_its_place()
    {
        await StoreAsync(
            Any.Author(1, "Second") with { RowVersion = 2 },
            Any.Author(1, "Third") with { RowVersion = 3 },
            Any.Author(1, "First") with { RowVersion = 1 });

        Assert.Equal("Third", await NameAsync());
    }

    [Fact]
    public async Task A_row_of_a_lower_schema_is_overwritten_whatever_its_version()
    {
        await StoreAsync(Any.Author(1, "Old schema") with { RowVersion = 9 });
        await ExecuteAsync("UPDATE authors SET projection_schema = 0");

        await StoreAsync(Any.Author(1, "New schema") with { RowVersion = 4 });

        Assert.Equal("New schema", await NameAsync());
        Assert.Equal(new ProjectionVersion(4, ReadModelVersions.CurrentSchema("author")), await VersionAsync());
    }

    [Fact]
    public async Task A_row_of_a_higher_schema_is_left_alone_whatever_its_version()
    {
        await StoreAsync(Any.Author(1, "Newer release") with { RowVersion = 4 });
        await ExecuteAsync("UPDATE authors SET projection_schema = projection_schema + 1");

        await StoreAsync(Any.Author(1, "Older release") with { RowVersion = 9 });

        Assert.Equal("Newer release", await NameAsync());
    }

    [Fact]
    public async Task The_authors_of_a_book_are_replaced_with_it_and_keep_their_order()
    {
        await StoreAsync(Any.Author(1, "A"), Any.Author(2, "B"), Any.Author(3, "C"));
        await StoreAsync(Any.Book("1", authors: [1, 2]));

        await StoreAsync(Any.Book("1", authors: [3, 1]) with { RowVersion = 2 });

        var book = Assert.Single(await new BookQueries(Database).ByIsbnsAsync(["1"], Token));
        Assert.Equal([new(3, "C"), new(1, "A")], book.Authors);
    }

    [Fact]
    public async Task A_book_that_is_left_alone_keeps_its_authors()
    {
        await StoreAsync(Any.Author(1, "A"), Any.Author(2, "B"));
        await StoreAsync(Any.Book("1", authors: [1]) with { RowVersion = 2 });

        await StoreAsync(Any.Book("1", authors: [2]) with { RowVersion = 1 });

        var book = Assert.Single(await new BookQueries(Database).ByIsbnsAsync(["1"], Token));
        Assert.Equal([new(1, "A")], book.Authors);
    }

    [Fact]
    public async Task An_author_named_twice_counts_once()
    {
        await StoreAsync(Any.Author(1, "A"), Any.Author(2, "B"), Any.Book("1", authors: [1, 2, 1]));

        var book = Assert.Single(await new BookQueries(Database).OfAuthorAsync(1, Token));
        Assert.Equal([new(1, "A"), new(2, "B")], book.Authors);
    }

    [Fact]
    public async Task The_interests_of_a_reader_are_replaced()
    {
        await StoreAsync(Any.Reader("2026/1", "A", "Romance", "Drama"));

        await StoreAsync(Any.Reader("2026/1", "A", "Poesia") with { RowVersion = 2 });

        var reader = Assert.Single(await new ReaderQueries(Database).AllAsync(Token));
        Assert.Equal(["poesia"], reader.Interests);
    }

    [Fact]
    public async Task The_entries_of_an_account_are_replaced()
    {
        await StoreAsync(Any.Account("2026/1", Any.Entry("2026/1", AccountPhase.Undoing)));

        await StoreAsync(Any.Account("2026/1") with { RowVersion = 2 });

        Assert.Empty(await new SweepQueries(Database).GetAccountsToSettleAsync(Any.Instant, Token));
    }

    [Fact]
    public async Task A_batch_with_a_row_that_cannot_be_stored_changes_nothing()
    {
        await Assert.ThrowsAnyAsync<Exception>(() => StoreAsync(Any.Author(1), Any.Author(2) with { Name = null! }));

        Assert.Empty(await new AuthorQueries(Database).StartingWithAsync("", Token));
    }

    [Fact]
    public async Task Batches_from_many_writers_at_once_are_all_stored()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(
            () => StoreAsync([.. Enumerable.Range(0, 50).Select(number => Any.Author((writer * 50) + number))]),
            Token)));

        Assert.Equal(400, (await new AuthorQueries(Database).StartingWithAsync("", Token)).Count);
    }

    [Fact]
    public async Task An_empty_batch_is_no_mistake() => await StoreAsync();

    private async Task<string> NameAsync() =>
        Assert.Single(await new AuthorQueries(Database).StartingWithAsync("", Token)).Name;

    private async Task<ProjectionVersion> VersionAsync() =>
        Assert.Single(await new ReadModelVersions(Database).GetAsync("author", Token)).Value;
}
