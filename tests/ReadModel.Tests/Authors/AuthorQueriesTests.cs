using Lms.ReadModel.Authors;
using Lms.ReadModel.Lendings;

namespace Lms.ReadModel.Tests.Authors;

public sealed class AuthorQueriesTests : ReadModelTest
{
    private AuthorQueries Authors => new(Database);

    [Theory]
    [InlineData("e", "1 3")]
    [InlineData("eca", "1")]
    [InlineData("de", "")]
    [InlineData("e%", "")]
    [InlineData("", "1 3 2")]
    public async Task Those_that_start_with_a_name_are_ordered_by_name(string name, string numbers)
    {
        await StoreAsync(
            Any.Author(1, "Eça de Queirós"), Any.Author(2, "Saramago"), Any.Author(3, "Érico Veríssimo"));

        var authors = await Authors.StartingWithAsync(name, Token);

        Assert.Equal(numbers, string.Join(' ', authors.Select(author => author.Number)));
    }

    [Fact]
    public async Task An_author_is_shown_as_stored()
    {
        await StoreAsync(Any.Author(long.MaxValue, "Eça") with { Bio = "Cônsul", Photo = "abc", Version = 7 });

        var author = Assert.Single(await Authors.StartingWithAsync("eca", Token));

        Assert.Equal(new AuthorSummary(long.MaxValue, "Eça", "Cônsul", "abc", 7), author);
    }

    [Fact]
    public async Task Top5_counts_a_lending_for_each_author_of_its_book()
    {
        await StoreAsync([.. Enumerable.Range(1, 7).Select(number => Any.Author(number, $"Author {8 - number}"))]);
        await StoreAsync(
            Any.Book("1", authors: [1, 2]),
            Any.Book("2", authors: [1]),
            Any.Book("3", authors: [3, 4, 5, 6]),
            Any.Book("4", authors: [7]) with { IsHidden = true });
        await StoreAsync(
            Any.Lending("2026/1", "1"),
            Any.Lending("2026/2", "1", days: 3),
            Any.Lending("2026/3", "2"),
            Any.Lending("2026/4", "3"),
            Any.Lending("2026/5", "3") with { Status = LendingStatus.Void },
            Any.Lending("2026/6", "4"));

        var top = await Authors.Top5Async(Token);

        Assert.Equal(["1 3", "2 2", "6 1", "5 1", "4 1"], top.Select(author => $"{author.Number} {author.Lendings}"));
        Assert.Equal("Author 7", top[0].Name);
    }

    [Fact]
    public async Task Without_lendings_there_is_no_top() => Assert.Empty(await Authors.Top5Async(Token));

    [Fact]
    public async Task Coauthors_come_by_name_with_the_books_written_together_by_title()
    {
        await StoreAsync(
            Any.Author(1, "Eça"), Any.Author(2, "Ramalho"), Any.Author(3, "Antero"), Any.Author(4, "Other"));
        await StoreAsync(
            Any.Book("1", "Sintra", authors: [1, 2]),
            Any.Book("2", "As Farpas", authors: [2, 1, 3]),
            Any.Book("3", "Alone", authors: [1]),
            Any.Book("4", "Without", authors: [2, 4]),
            Any.Book("5", "Hidden", authors: [1, 4]) with { IsHidden = true });

        var coAuthors = await Authors.CoAuthorsOfAsync(1, Token);

        Assert.Equal(["Antero", "Ramalho"], coAuthors.Select(author => author.Name));
        Assert.Equal([new("2", "2", "As Farpas")], coAuthors[0].Books);
        Assert.Equal(["As Farpas", "Sintra"], coAuthors[1].Books.Select(book => book.Title));
    }
}
