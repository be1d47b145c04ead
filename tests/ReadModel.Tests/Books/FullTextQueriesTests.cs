using CsCheck;
using Lms.ReadModel.Authors;
using Lms.ReadModel.Books;
using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Tests.Books;

public sealed class FullTextQueriesTests : ReadModelTest
{
    private const string First = "9780000000019";
    private const string Second = "9780000000026";
    private const string Third = "9780000000033";

    private static readonly string[] Attacks =
    [
        "\"", "\"\"", "\"\"\"", "'", "''", "';DROP TABLE books;--", "\" OR \"1\"=\"1", "\\", "\0", "a\0b", "*", "**", "a**",
        "AND", "OR", "NOT", "a AND", "AND AND", "a OR b", "NEAR(a b)", "NEAR(a b, 2)", "^", "^a", "a ^b", "+", "a + b",
        "title:a", "title : a", "- title : a", "{title authors}:a", "-{title}:a", "(", ")", "((a)", "a)(", "{", "}", "[", "]",
        "rank", "rowid:1", "book_index", "book_index MATCH 'a'", "@match", ":match", "$1", "?", "%", "_", "a%", "\u202Ea",
        "\uFFFF", "\uD800", "\uDC00a", "é", "e\u0301", "\u0301", "ﬁ", "İ", "ß", "١٢٣", "½", "²", "Ⅷ", "👩‍🚀", "東*", "\"東", "a\u00A0b",
        "a\u200Bb", "-1", "1e9", "0x10", "NULL", "null", "true", new('a', 500), string.Concat(Enumerable.Repeat("a* ", 166)),
        string.Concat(Enumerable.Range(0, 125).Select(number => $"{number} ")), new('東', 500), new('"', 499), new('*', 500),
    ];

    public static TheoryData<string> Queries => [.. Attacks];

    private FullTextQueries Books => new(Database);

    [Theory]
    [InlineData("maias", First)]
    [InlineData("tragica", First)]
    [InlineData("vida", First)]
    [InlineData("queiroz", First)]
    [InlineData("realismo", First)]
    [InlineData("lisboeta", First)]
    [InlineData("lello", First)]
    [InlineData("9780000000019", First)]
    [InlineData("978-0-306-40615-7", First)]
    [InlineData("0-306-40615-2", First)]
    [InlineData("queiroz maias", First)]
    [InlineData("\"vida tragica\"", First)]
    [InlineData("\"tragica vida\"", null)]
    [InlineData("trag*", First)]
    [InlineData("trag", null)]
    [InlineData("maias whale", null)]
    [InlineData("京物", Second)]
    [InlineData("物京", null)]
    public async Task A_book_is_found_by_whatever_is_known_of_it(string query, string? found)
    {
        await StoreAsync(
            Any.Author(1, "Eça de Queiroz"),
            With(Any.Book(First, authors: [1]), text => text with
            {
                Titles = "os maias\numa vida tragica",
                Subjects = "realismo",
                Description = "a familia lisboeta",
                Publisher = "lello",
                Isbns = $"{First} 9780306406157",
            }),
            Any.Book(Second, "東京物語"));

        Assert.Equal(found is null ? [] : [found], await IsbnsAsync(query));
    }

    [Fact]
    public async Task A_title_counts_more_than_an_author_and_that_more_than_a_subject_or_a_description()
    {
        await StoreAsync(
            Any.Author(1, "Emily Whale"),
            With(Any.Book("9780000000040", "D"), text => text with { Description = "whale" }),
            With(Any.Book("9780000000057", "C"), text => text with { Subjects = "whale" }),
            Any.Book("9780000000064", "B", authors: [1]),
            Any.Book("9780000000071", "Whale A"),
            Any.Book(First, "Something else"),
            Any.Book(Second, "Something else"),
            Any.Book(Third, "Something else"));

        Assert.Equal(
            ["9780000000071", "9780000000064", "9780000000057", "9780000000040"], await IsbnsAsync("whale"));
    }

    [Fact]
    public async Task Better_matches_have_higher_scores()
    {
        await StoreAsync(Any.Book(First, "Whale whale"), Any.Book(Second, "The white whale of the sea"), Any.Book(Third, "Sea"));

        var found = await FindAsync("whale");

        Assert.Equal([First, Second], found.Items.Select(item => item.Book.Isbn));
        Assert.True(found.Items[0].Score > found.Items[1].Score);
        Assert.True(found.Items[1].Score > 0);
    }

    [Fact]
    public async Task Equals_come_by_title_and_then_by_isbn()
    {
        await StoreAsync(
            Any.Book(Third, "Whale a"), Any.Book(Second, "Whale b"), Any.Book(First, "Whale b"), Any.Book("9780000000040", "Sea"));

        Assert.Equal([Third, First, Second], await IsbnsAsync("whale"));
    }

    [Fact]
    public async Task Without_words_all_books_come_by_title()
    {
        await StoreAsync(Any.Book(First, "C"), Any.Book(Second, "A"), Any.Book(Third, "B"));

        Assert.Equal([Second, Third, First], await IsbnsAsync(""));
        Assert.Equal([Second, Third, First], await IsbnsAsync("?!"));
        Assert.All((await FindAsync("")).Items, item => Assert.Equal(0, item.Score));
    }

    [Theory]
    [InlineData("")]
    [InlineData("whale")]
    public async Task Pages_hold_every_book_once_and_in_order(string query)
    {
        await StoreAsync(
            [.. Enumerable.Range(100, 25).Select(number => Any.Book($"9780000000{number}", $"Whale {number % 3}"))]);

        var pages = new List<string>();
        for (var offset = 0; offset < 30; offset += 7)
        {
            var found = await Books.FindAsync(SearchQuery.Parse(query), new(), offset, 7, Token);
            Assert.Equal(25, found.Total);
            pages.AddRange(found.Items.Select(item => item.Book.Isbn));
        }

        Assert.Equal((await Books.FindAsync(SearchQuery.Parse(query), new(), 0, 25, Token)).Items.Select(item => item.Book.Isbn), pages);
        Assert.Equal(25, pages.Distinct().Count());
    }

    [Fact]
    public async Task Facets_count_all_that_was_found_whatever_the_page()
    {
        await StoreAsync(
            Any.Genre("Ficção"), Any.Author(1, "Ana"), Any.Author(2, "Rui"),
            Any.Book(First, "Whale", "Ficção", 1, 2) with { Language = "por", Year = 1888 },
            Any.Book(Second, "Whale", "Drama", 2) with { Language = "eng", Year = 1999 },
            Any.Book(Third, "Whale", "Ficção", 2) with { Language = "por" },
            Any.Book("9780000000040", "Sea", "Poesia", 1) with { Language = "fra", Year = 2000 });

        var found = await Books.FindAsync(SearchQuery.Parse("whale"), new(), 0, 1, Token);

        Assert.Equal(3, found.Total);
        Assert.Single(found.Items);
        Assert.Equal([new("Ficção", 2), new("drama", 1)], found.Facets.Genres);
        Assert.Equal([new(new(2, "Rui"), 3), new(new(1, "Ana"), 1)], found.Facets.Authors);
        Assert.Equal([new("por", 2), new("eng", 1)], found.Facets.Languages);
        Assert.Equal([new(1888, 1), new(1999, 1)], found.Facets.Years);
    }

    [Fact]
    public async Task Facets_show_the_twenty_most_frequent()
    {
        await StoreAsync(
            [
                .. Enumerable.Range(100, 30).Select(number => Any.Book($"9780000000{number}", "Whale") with { Year = number }),
                Any.Book(First, "Whale") with { Year = 129 },
            ]);

        var years = (await FindAsync("whale")).Facets.Years;

        Assert.Equal([new(129, 2), .. Enumerable.Range(100, 19).Select(year => new FacetCount<int>(year, 1))], years);
    }

    [Fact]
    public async Task Filters_hold_together_and_for_the_facets_too()
    {
        await StoreAsync(
            Any.Author(1, "Ana"), Any.Author(2, "Rui"),
            Any.Book(First, "Whale 1", "Drama", 1) with { Language = "por", Year = 1900 },
            Any.Book(Second, "Whale 2", "Poesia", 1, 2) with { Language = "por", Year = 1950 },
            Any.Book(Third, "Whale 3", "Drama", 2) with { Language = "eng" });

        Assert.Equal([First, Third], await IsbnsAsync("whale", new() { GenreFolded = "drama" }));
        Assert.Equal([First, Second], await IsbnsAsync("whale", new() { Author = 1 }));
        Assert.Equal([Third, Second], await IsbnsAsync("whale", new() { AuthorNameFolded = "rui" }));
        Assert.Equal([First, Second], await IsbnsAsync("whale", new() { Language = "por" }));
        Assert.Equal([Second], await IsbnsAsync("whale", new() { YearFrom = 1901 }));
        Assert.Equal([First], await IsbnsAsync("whale", new() { YearTo = 1900 }));
        Assert.Equal([First], await IsbnsAsync("", new() { YearFrom = 1900, YearTo = 1900 }));
        Assert.Equal([Third], await IsbnsAsync("", new() { GenreFolded = "drama", Author = 2 }));
        Assert.Empty(await IsbnsAsync("whale", new() { GenreFolded = "dram" }));
        Assert.Equal([new("drama", 1)], (await FindAsync("whale", new() { Author = 2, Language = "eng" })).Facets.Genres);
    }

    [Fact]
    public async Task A_book_that_changes_is_found_by_what_it_is_now()
    {
        await StoreAsync(Any.Book(First, "Before"));

        await StoreAsync(Any.Book(First, "After") with { RowVersion = 2, Language = "por" });

        Assert.Empty(await IsbnsAsync("before"));
        Assert.Equal([First], await IsbnsAsync("after"));
        Assert.Equal([new("por", 1)], (await FindAsync("")).Facets.Languages);
    }

    [Fact]
    public async Task A_row_that_comes_late_changes_nothing()
    {
        await StoreAsync(Any.Book(First, "After") with { RowVersion = 2 });

        await StoreAsync(Any.Book(First, "Before"));

        Assert.Empty(await IsbnsAsync("before"));
        Assert.Equal([First], await IsbnsAsync("after"));
    }

    [Fact]
    public async Task Books_follow_the_names_of_their_authors()
    {
        await StoreAsync(
            Any.Author(1, "Mary Evans"), Any.Author(2, "Rui"), Any.Book(First, "Romola", authors: [2, 1]), Any.Book(Second, "Emma", authors: [2]));

        await StoreAsync(Any.Author(1, "George Eliot") with { RowVersion = 2 });

        Assert.Empty(await IsbnsAsync("evans"));
        Assert.Equal([First], await IsbnsAsync("eliot romola"));
        Assert.Equal([Second, First], await IsbnsAsync("rui"));
    }

    [Fact]
    public async Task An_author_may_come_after_the_book()
    {
        await StoreAsync(Any.Book(First, "Romola", authors: [1]));
        Assert.Empty(await IsbnsAsync("eliot"));

        await StoreAsync(Any.Author(1, "George Eliot"));

        Assert.Equal([First], await IsbnsAsync("eliot romola"));
    }

    [Fact]
    public async Task A_book_that_no_longer_has_an_author_is_not_found_by_the_name()
    {
        await StoreAsync(Any.Author(1, "Ana"), Any.Author(2, "Rui"), Any.Book(First, authors: [1]));
        await StoreAsync(Any.Book(First, authors: [2]) with { RowVersion = 2 });

        await StoreAsync(Any.Author(1, "Anabela") with { RowVersion = 2 });

        Assert.Empty(await IsbnsAsync("ana*"));
        Assert.Equal([First], await IsbnsAsync("rui"));
    }

    [Fact]
    public async Task A_hidden_book_is_not_found_until_it_shows_and_no_longer_when_it_hides()
    {
        await StoreAsync(Any.Author(1, "Ana"), Any.Book(First, "Whale", authors: [1]) with { IsHidden = true });
        Assert.Empty(await IsbnsAsync("whale"));
        Assert.Empty(await IsbnsAsync(""));

        await StoreAsync(Any.Author(1, "Anabela") with { RowVersion = 2 });
        Assert.Empty(await IsbnsAsync("anabela"));

        await StoreAsync(Any.Book(First, "Whale", authors: [1]) with { RowVersion = 2 });
        Assert.Equal([First], await IsbnsAsync("whale anabela"));

        await StoreAsync(Any.Book(First, "Whale", authors: [1]) with { RowVersion = 3, IsHidden = true });
        Assert.Empty(await IsbnsAsync("whale"));
    }

    [Fact]
    public async Task The_index_is_made_again_from_nothing()
    {
        await StoreAsync(Any.Author(1, "Ana"), Any.Book(First, "Whale", authors: [1]));
        await Database.ClearAsync(Token);
        Assert.Empty(await IsbnsAsync("whale"));

        await StoreAsync(Any.Book(Second, "Whale", authors: [1]), Any.Author(1, "Ana"));

        Assert.Equal([Second], await IsbnsAsync("whale ana"));
    }

    [Fact]
    public async Task Rows_of_the_release_before_are_made_anew_into_the_index()
    {
        foreach (var table in new ProjectionTable[] { AuthorTable.Definition, BookTable.Definition })
        {
            await ExecuteAsync(string.Concat(table.Names.Select(name => $"DROP TABLE {name};")));
            await ExecuteAsync(Database.Dialect.Schema(table.Migrations[0]));
            await ExecuteAsync($"UPDATE schema_versions SET version = 1 WHERE state = '{table.State}'");
        }

        await ExecuteAsync(
            $"""
            INSERT INTO books VALUES ('isbn:{First}', 1, 1, NULL, '{First}', NULL, 'Whale', 'whale', 'drama', NULL, NULL, 0, 0)
            """);
        await Database.MigrateAsync(Token);
        Assert.Single(await new BookQueries(Database).ByIsbnsAsync([First], Token));

        await StoreAsync(Any.Book(First, "Whale"));

        Assert.Equal([First], await IsbnsAsync("whale"));
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task No_text_is_a_mistake_or_a_command(string query)
    {
        await StoreAsync(Any.Book(First, "Whale"), Any.Book(Second, "Sea"));

        await FindAsync(query);
        await FindAsync(query.ToUpperInvariant());
        await FindAsync($"whale {query}");
        await FindAsync($"\"{query}\"");
        await FindAsync($"{query}*");

        Assert.Equal([First], await IsbnsAsync("whale"));
    }

    [Fact]
    public async Task Any_text_at_all_is_an_answer()
    {
        await StoreAsync(Any.Book(First, "Whale"));

        await Gen.String[0, 60].SampleAsync(async query => await FindAsync(query), iter: 500);
    }

    [Fact]
    public async Task Every_word_of_every_book_finds_it()
    {
        var letters = Gen.OneOf(
            Gen.Char["abcdefg"], Gen.Char["éçßøŁжщ"], Gen.Char["東京物語ไทย"], Gen.Char["हिन्दी"], Gen.Char["0123456789"],
            Gen.Char[" -'\".,:;*()\n"]);
        var titles = letters.Array[1, 30].Select(text => new string(text)).Array[1, 20];

        await titles.SampleAsync(
            async found =>
            {
                await Database.ClearAsync(Token);
                await StoreAsync([.. found.Select((title, number) => Any.Book($"{9780000000000 + number}", title))]);

                foreach (var (number, title) in found.Index())
                {
                    foreach (var term in SearchQuery.Parse(Any.Folded(title)).Terms)
                    {
                        var isbns = await IsbnsAsync(string.Join(' ', term.Words));
                        Assert.Contains($"{9780000000000 + number}", isbns);
                    }
                }
            },
            iter: 50,
            threads: 1);
    }

    private static BookRow With(BookRow book, Func<BookText, BookText> change) => book with { Text = change(book.Text) };

    private Task<FoundBooks> FindAsync(string query, BookFilter? filter = null) =>
        Books.FindAsync(SearchQuery.Parse(query), filter ?? new(), 0, 100, Token);

    private async Task<IEnumerable<string>> IsbnsAsync(string query, BookFilter? filter = null) =>
        (await FindAsync(query, filter)).Items.Select(item => item.Book.Isbn);
}
