using Lms.ReadModel.Books;
using Lms.ReadModel.Lendings;

namespace Lms.ReadModel.Tests.Books;

public sealed class BookQueriesTests : ReadModelTest
{
    private BookQueries Books => new(Database);

    [Fact]
    public async Task A_book_shows_the_names_of_genre_and_authors_as_they_are_today()
    {
        await StoreAsync(
            Any.Genre("Ficção"),
            Any.Author(1, "Eça de Queirós"),
            Any.Author(2, "Ramalho Ortigão"),
            Any.Book("9789720049643", "O Mistério da Estrada de Sintra", "Ficção", 2, 1) with
            {
                Description = "<b>Cartas</b>",
                Photo = "abc",
                Version = 3,
            });

        var book = Assert.Single(await Books.ByIsbnsAsync(["9789720049643"], Token));

        Assert.Equal("O Mistério da Estrada de Sintra", book.Title);
        Assert.Equal("Ficção", book.Genre);
        Assert.Equal("<b>Cartas</b>", book.Description);
        Assert.Equal("abc", book.Photo);
        Assert.Equal([new(2, "Ramalho Ortigão"), new(1, "Eça de Queirós")], book.Authors);
        Assert.Equal(3, book.Version);
        Assert.Equal("9789720049643", book.IsbnAsGiven);
    }

    [Fact]
    public async Task A_book_tells_the_isbn_it_was_given()
    {
        await StoreAsync(Any.Book("9780306406157") with { IsbnAsGiven = "0306406152" });

        var book = Assert.Single(await Books.ByIsbnsAsync(["9780306406157"], Token));

        Assert.Equal("0306406152", book.IsbnAsGiven);
        Assert.Equal("9780306406157", book.Isbn);
    }

    [Fact]
    public async Task A_book_whose_genre_or_author_is_not_there_yet_is_shown_all_the_same()
    {
        await StoreAsync(Any.Book("1", genre: "Ficção", authors: [1]));

        var book = Assert.Single(await Books.ByIsbnsAsync(["1"], Token));

        Assert.Equal("ficcao", book.Genre);
        Assert.Empty(book.Authors);
    }

    [Theory]
    [InlineData("mist", null, null, "1")]
    [InlineData(null, "fic", null, "1 2")]
    [InlineData(null, "cao", null, "1 2")]
    [InlineData(null, null, "eca", "1 3")]
    [InlineData(null, null, "queiros", "")]
    [InlineData("mist", null, "jose", "1 2")]
    [InlineData("absent", null, null, "")]
    [InlineData(null, null, null, "")]
    public async Task Find_finds_what_matches_in_one_way_at_least(
        string? title, string? genre, string? author, string isbns)
    {
        await StoreAsync(
            Any.Author(1, "Eça de Queirós"),
            Any.Author(2, "José Saramago"),
            Any.Book("1", "A: O Mistério", "Ficção", 1),
            Any.Book("2", "B: Ensaio", "Ficção", 2),
            Any.Book("3", "C: Os Maias", "Romance", 1));

        Assert.Equal(isbns, Isbns(await Books.FindAsync(title, genre, author, Token)));
    }

    [Fact]
    public async Task Books_are_ordered_by_title_then_isbn()
    {
        await StoreAsync(Any.Book("4", "Ébano"), Any.Book("3", "Zero"), Any.Book("2", "eco"), Any.Book("1", "ébano"));

        Assert.Equal("1 4 2 3", Isbns(await Books.FindAsync("", null, null, Token)));
    }

    [Theory]
    [InlineData("100%", "1")]
    [InlineData("_", "2")]
    [InlineData(@"\", "3")]
    [InlineData("%", "1")]
    public async Task Find_takes_the_signs_of_patterns_literally(string title, string isbns)
    {
        await StoreAsync(Any.Book("1", "100% algodão"), Any.Book("2", "snake_case"), Any.Book("3", @"c:\temp"));

        Assert.Equal(isbns, Isbns(await Books.FindAsync(title, null, null, Token)));
    }

    [Theory]
    [InlineData("o ", null, null, "1 2")]
    [InlineData("o ", "rom", null, "2")]
    [InlineData("o ", "rom", "ec", "2")]
    [InlineData("o ", "rom", "jo", "")]
    [InlineData("misterio", null, null, "")]
    [InlineData("", "", "", "3 1 2")]
    [InlineData(null, null, null, "3 4 1 2")]
    public async Task Search_finds_what_starts_with_all_that_is_given(
        string? title, string? genre, string? author, string isbns)
    {
        await StoreAsync(
            Any.Author(1, "Eça de Queirós"),
            Any.Author(2, "José Saramago"),
            Any.Book("1", "O Mistério", "Ficção", 2),
            Any.Book("2", "O Primo Basílio", "Romance", 1),
            Any.Book("3", "Caim", "Romance", 2),
            Any.Book("4", "Manual", "Romance"));

        Assert.Equal(isbns, Isbns(await Books.SearchAsync(title, genre, author, 0, 10, Token)));
    }

    [Theory]
    [InlineData(0, 2, "1 2")]
    [InlineData(2, 2, "3 4")]
    [InlineData(4, 2, "5")]
    [InlineData(5, 2, "")]
    [InlineData(6, 2, "")]
    public async Task Search_pages_books_and_not_their_authors(int offset, int limit, string isbns)
    {
        await StoreAsync(Any.Author(1), Any.Author(2), Any.Author(3));
        await StoreAsync([.. Enumerable.Range(1, 5).Select(number => Any.Book($"{number}", authors: [1, 2, 3]))]);

        var books = await Books.SearchAsync(null, null, "any", offset, limit, Token);

        Assert.Equal(isbns, Isbns(books));
        Assert.All(books, book => Assert.Equal(3, book.Authors.Count));
    }

    [Fact]
    public async Task Search_compares_beyond_the_basic_plane_by_code_points()
    {
        await StoreAsync(Any.Book("1", "\uFFEE half"), Any.Book("2", "\U0001F600 smile"));

        Assert.Equal("1 2", Isbns(await Books.SearchAsync(null, null, null, 0, 10, Token)));
        Assert.Equal("2", Isbns(await Books.SearchAsync("\U0001F600", null, null, 0, 10, Token)));
        Assert.Equal("1", Isbns(await Books.SearchAsync("\uFFEE", null, null, 0, 10, Token)));
    }

    [Fact]
    public async Task Of_an_author_are_the_books_in_which_the_author_has_any_place()
    {
        await StoreAsync(Any.Author(1), Any.Author(2));
        await StoreAsync(
            Any.Book("1", "B", authors: [2, 1]), Any.Book("2", "A", authors: [1]), Any.Book("3", "C", authors: [2]));

        Assert.Equal("2 1", Isbns(await Books.OfAuthorAsync(1, Token)));
    }

    [Fact]
    public async Task Top5_counts_lendings_since_the_day_and_breaks_ties_by_title()
    {
        await StoreAsync([.. Enumerable.Range(1, 7).Select(number => Any.Book($"{number}", $"Title {8 - number}"))]);
        await StoreAsync(
            Any.Lending("2026/1", "1", startedOn: "2026-01-10"),
            Any.Lending("2026/2", "1", startedOn: "2026-01-10"),
            Any.Lending("2026/3", "2", startedOn: "2026-01-10"),
            Any.Lending("2026/4", "3", startedOn: "2026-01-10"),
            Any.Lending("2026/5", "4", startedOn: "2026-01-10", days: 3),
            Any.Lending("2026/6", "5", startedOn: "2026-01-11"),
            Any.Lending("2026/7", "6", startedOn: "2026-01-11"),
            Any.Lending("2026/8", "7", startedOn: "2026-01-09"),
            Any.Lending("2026/9", "7", startedOn: "2026-01-10") with { Status = LendingStatus.Void });

        var top = await Books.Top5Async(Any.Day("2026-01-10"), Token);

        Assert.Equal(["1 2", "6 1", "5 1", "4 1", "3 1"], top.Select(entry => $"{entry.Book.Isbn} {entry.Lendings}"));
    }

    [Fact]
    public async Task Suggestions_are_so_many_of_each_genre_in_the_order_of_the_genres()
    {
        await StoreAsync(
            Any.Book("1", "A", "Drama"),
            Any.Book("2", "B", "Drama"),
            Any.Book("3", "C", "Drama"),
            Any.Book("4", "A", "Romance"),
            Any.Book("5", "A", "Poesia"));

        Assert.Equal("4 1 2", Isbns(await Books.SuggestionsAsync(["romance", "drama", "absent", "romance"], 2, Token)));
        Assert.Empty(await Books.SuggestionsAsync([], 2, Token));
    }

    [Fact]
    public async Task The_average_of_a_book_is_over_its_returned_lendings()
    {
        await StoreAsync(
            Any.Lending("2026/1", "1", days: 1),
            Any.Lending("2026/2", "1", days: 2),
            Any.Lending("2026/3", "1", days: 2),
            Any.Lending("2026/4", "1"),
            Any.Lending("2026/5", "2", days: 30));

        Assert.Equal(1.7, await Books.AverageLendingDaysAsync("1", Token));
        Assert.Null(await Books.AverageLendingDaysAsync("3", Token));
    }

    [Fact]
    public async Task The_average_counts_a_leap_day()
    {
        await StoreAsync(
            Any.Lending("2024/1", "1", startedOn: "2024-02-28") with
            {
                Status = LendingStatus.Returned,
                ReturnedOn = Any.Day("2024-03-01"),
            });

        Assert.Equal(2, await Books.AverageLendingDaysAsync("1", Token));
    }

    [Fact]
    public async Task Unknown_isbns_are_left_out()
    {
        await StoreAsync(Any.Book("1"), Any.Book("2"));

        Assert.Equal("2", Isbns(await Books.ByIsbnsAsync(["2", "3"], Token)));
        Assert.Empty(await Books.ByIsbnsAsync([], Token));
    }

    [Fact]
    public async Task Hidden_books_never_show()
    {
        await StoreAsync(
            Any.Author(1, "A"),
            Any.Book("1", "T", "G", 1) with { IsHidden = true },
            Any.Lending("2026/1", "1"));

        Assert.Empty(await Books.FindAsync("t", "g", "a", Token));
        Assert.Empty(await Books.SearchAsync(null, null, null, 0, 10, Token));
        Assert.Empty(await Books.OfAuthorAsync(1, Token));
        Assert.Empty(await Books.ByIsbnsAsync(["1"], Token));
        Assert.Empty(await Books.SuggestionsAsync(["g"], 2, Token));
        Assert.Empty(await Books.Top5Async(DateOnly.MinValue, Token));
    }

    private static string Isbns(IEnumerable<BookSummary> books) => string.Join(' ', books.Select(book => book.Isbn));
}
