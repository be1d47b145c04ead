using Lms.ReadModel.Authors;
using Lms.ReadModel.Books;
using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Tests.Infrastructure;

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

    private async Task<string> PlanAsync(Statement statement)
    {
        var steps = await Database.QueryAsync(
            $"EXPLAIN QUERY PLAN {statement.Sql}", statement.Parameters, row => row.Text("detail"), Token);
        return string.Join('\n', steps);
    }
}
