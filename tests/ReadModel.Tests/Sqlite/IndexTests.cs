using Lms.ReadModel.Authors;
using Lms.ReadModel.Books;
using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Tests.Sqlite;

public sealed class IndexTests : ReadModelTest
{
    [Fact]
    public async Task Authors_that_start_with_a_name_are_found_by_index_among_ten_thousand()
    {
        await StoreAsync([.. Enumerable.Range(0, 10_000).Select(number => Any.Author(number, $"Author {number:D5}"))]);

        var plan = await PlanAsync(AuthorQueries.StartingWith("author 0123"));

        Assert.Contains("SEARCH authors USING INDEX authors_by_name (name_folded>? AND name_folded<?)", plan);
        Assert.Equal(10, (await new AuthorQueries(Database).StartingWithAsync("author 0123", Token)).Count);
    }

    [Fact]
    public async Task Books_that_start_with_a_title_are_found_by_index_among_ten_thousand()
    {
        await StoreAsync(
            [.. Enumerable.Range(0, 10_000).Select(number => Any.Book($"{number:D5}", $"Title {number:D5}"))]);

        var plan = await PlanAsync(BookQueries.Search("title 0123", null, null, 0, 100));

        Assert.Contains("SEARCH b USING INDEX books_by_title (title_folded>? AND title_folded<?)", plan);
        Assert.Equal(
            10, (await new BookQueries(Database).SearchAsync("title 0123", null, null, 0, 100, Token)).Count);
    }

    [Fact]
    public async Task Books_of_authors_that_start_with_a_name_are_found_by_index()
    {
        var plan = await PlanAsync(BookQueries.Search(null, null, "eca", 0, 100));

        Assert.Contains("authors_by_name (name_folded>? AND name_folded<?)", plan);
        Assert.Contains("book_authors_by_author (author=?)", plan);
    }

    [Fact]
    public async Task The_full_text_index_is_asked_once_whatever_the_filters()
    {
        var filter = new BookFilter { GenreFolded = "drama", Author = 1, AuthorNameFolded = "eca", Language = "por", YearFrom = 1 };

        var plan = await PlanAsync(FullTextQueries.Matches(SqlDialect.Sqlite, SearchQuery.Parse("whale"), filter));

        Assert.StartsWith("SCAN book_index VIRTUAL TABLE INDEX", plan, StringComparison.Ordinal);
        Assert.Contains("SEARCH f USING INTEGER PRIMARY KEY (rowid=?)", plan);
        Assert.Contains("book_authors_by_author (author=?)", plan);
    }

    [Fact]
    public async Task Books_of_an_author_are_put_in_anew_without_looking_at_others()
    {
        var plan = await PlanAsync(new(SqlDialect.Sqlite.BookIndex.AddBooksOfAuthor, new { p0 = 1 }));

        Assert.Contains("SEARCH t USING INTEGER PRIMARY KEY (rowid=?)", plan);
        Assert.Contains("book_authors_by_author (author=?)", plan);
        Assert.DoesNotContain("SCAN t", plan);
    }

    private async Task<string> PlanAsync(Statement statement)
    {
        var steps = await Database.QueryAsync(
            $"EXPLAIN QUERY PLAN {statement.Sql}", statement.Parameters, row => row.Text("detail"), Token);
        return string.Join('\n', steps);
    }
}
