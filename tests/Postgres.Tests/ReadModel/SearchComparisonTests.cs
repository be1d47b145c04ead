using CsCheck;
using Lms.ReadModel.Authors;
using Lms.ReadModel.Books;
using Lms.ReadModel.Infrastructure;
using Lms.ReadModel.Tests;

namespace Lms.Postgres.Tests.ReadModel;

/// <summary>The same rows in both databases give the same answers, down to the order and the scores.</summary>
public sealed class SearchComparisonTests : ReadModelTest
{
    // Few words, so that books share them, and every kind of them: digits, marks, scripts without spaces, long ones.
    private static readonly string[] s_words =
    [
        "a", "ab", "abc", "b", "whale", "whales", "the", "of", "1984", "9780306406157", "x1", "é", "हिन्दी", "ไทย", "東京",
        "東", "京都", "жук", "½", new('z', 700), "it's", "o'neil", "back\\slash", "semi;colon", "a:b", "100%", "\0", "sea",
    ];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lms-compare-");
    private ReadModelDatabase _sqlite = null!;

    public override async ValueTask InitializeAsync()
    {
        _sqlite = ReadModelDatabase.Sqlite($"Data Source={Path.Combine(_directory.FullName, "read-model.db")}");
        await base.InitializeAsync();
        await _sqlite.MigrateAsync(Token);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _sqlite.DisposeAsync();
        _directory.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Any_search_in_any_books_is_answered_alike()
    {
        var text = Gen.Int[0, s_words.Length - 1].Array[0, 8].Select(places => string.Join(' ', places.Select(place => s_words[place])));
        var book = Gen.Select(text, text, text, text, Gen.Int[0, 3].Array[0, 3], Gen.Int[0, 2]);
        var term = Gen.Select(
            Gen.Int[0, s_words.Length - 1], Gen.Int[0, s_words.Length - 1], Gen.Int[0, 4],
            (one, other, kind) => kind switch
            {
                0 => s_words[one][..1] + "*",
                1 => $"\"{s_words[one]} {s_words[other]}\"",
                2 => $"{s_words[one]}*",
                _ => s_words[one],
            });
        var queries = term.Array[1, 3].Select(terms => string.Join(' ', terms)).Array[1, 30];

        await Gen.Select(book.Array[1, 40], queries).SampleAsync(
            async (books, asked) =>
            {
                await StoreInBothAsync(
                    [
                        .. Enumerable.Range(0, 4).Select(number => Any.Author(number, $"{s_words[number * 3]} {s_words[number + 4]}")),
                        .. books.Select((row, number) => Book(number, row)),
                    ]);
                foreach (var query in asked)
                {
                    await CompareAsync(query, new());
                    await CompareAsync(query, new() { Language = "por" });
                    await CompareAsync(query, new() { Author = 1, YearFrom = 1901 });
                }
            },
            iter: 40,
            threads: 1);
    }

    [Fact]
    public async Task Five_hundred_terms_are_answered_alike()
    {
        await StoreInBothAsync([Any.Book("9780000000019", "Whale 1"), Any.Book("9780000000026", "Sea 2")]);

        await CompareAsync(string.Join(' ', Enumerable.Range(0, 166).Select(number => $"w{number}*")), new());
        await CompareAsync(new string('東', 500), new());
        await CompareAsync(string.Join(' ', Enumerable.Repeat("whale", 80)), new());
    }

    [Fact]
    public async Task A_long_text_is_stored_and_found_by_its_beginning()
    {
        var words = string.Join(' ', Enumerable.Range(0, 30_000).Select(number => $"w{number}"));
        var book = Any.Book("9780000000019", "Whale");
        await Writer.ApplyAsync(
            [book with { Text = book.Text with { Description = words, Subjects = new string('東', 3_000), Publisher = new('y', 100_000) } }], Token);

        var found = await new FullTextQueries(Database).FindAsync(SearchQuery.Parse("whale w1 \"w2 w3\" 東"), new(), 0, 10, Token);

        Assert.Equal(1, found.Total);
    }

    [Fact]
    public async Task The_other_queries_are_answered_alike()
    {
        // Not U+FFFF, which no text has: SQLite compares it as a replacement character.
        string[] texts = ["", "a", "a: %", "é", "_", "\\", "\uD800", "\uFF5E", "\U0001F600", "zz", "whale", "the whale"];
        await StoreInBothAsync(
            [
                .. texts.Select((text, number) => Any.Author(number, text)),
                .. texts.Select((text, number) => Any.Book($"{9780000000000 + number}", text, texts[(number * 5) % texts.Length], number)),
                .. texts.Select((text, number) => Any.Reader($"2026/{number + 1}", text, text, "x")),
                .. texts.Select((text, number) => Any.User(number, text, text)),
                .. texts.Select(Any.Genre),
            ]);

        foreach (var text in texts)
        {
            await CompareAsync(async database => (await new AuthorQueries(database).StartingWithAsync(text, Token)).Select(row => row.Number));
            await CompareAsync(async database => (await new BookQueries(database).FindAsync(text, text, text, Token)).Select(row => row.Isbn));
            await CompareAsync(async database => (await new BookQueries(database).SearchAsync(text, null, null, 0, 50, Token)).Select(row => row.Isbn));
            await CompareAsync(async database => (await new BookQueries(database).SuggestionsAsync([text, "x"], 3, Token)).Select(row => row.Isbn));
            await CompareAsync(async database => (await new Lms.ReadModel.Readers.ReaderQueries(database).ByNameAsync(text, Token)).Select(row => row.Number));
            await CompareAsync(async database => (await new Lms.ReadModel.Users.UserQueries(database).SearchAsync(text, text, 0, 50, Token)).Select(row => row.Id));
        }

        await CompareAsync(async database => (await new Lms.ReadModel.Genres.GenreQueries(database).AllAsync(0, 50, Token)).Items.Select(row => row.Folded));
        await CompareAsync(async database => (await new Lms.ReadModel.Readers.ReaderQueries(database).AllAsync(Token)).Select(row => row.Number));
    }

    [Fact]
    public async Task Real_books_are_searched_alike()
    {
        await StoreInBothAsync([.. RealBooks.Read(4_000)]);

        foreach (var query in RealBooks.Searches)
        {
            await CompareAsync(query, new());
            await CompareAsync(query, new() { Language = "fre" });
        }
    }

    private static BookRow Book(int number, (string Title, string Subjects, string Description, string Publisher, int[] Authors, int Kind) row)
    {
        var book = Any.Book($"{9780000000000 + number}", row.Title, s_words[row.Kind], [.. row.Authors.Select(author => (long)author)]);
        return book with
        {
            Language = row.Kind == 0 ? null : row.Kind == 1 ? "por" : "eng",
            Year = row.Kind == 0 ? null : 1899 + row.Kind,
            Text = book.Text with { Subjects = row.Subjects, Description = row.Description, Publisher = row.Publisher },
        };
    }

    private async Task StoreInBothAsync(IReadOnlyList<Projection> rows)
    {
        // A file of its own: what was deleted would go on to count in the totals of SQLite.
        await _sqlite.DisposeAsync();
        foreach (var file in _directory.GetFiles())
        {
            file.Delete();
        }

        _sqlite = ReadModelDatabase.Sqlite($"Data Source={Path.Combine(_directory.FullName, "read-model.db")}");
        await _sqlite.MigrateAsync(Token);
        await new ReadModelWriter(_sqlite).ApplyAsync(rows, Token);
        await Database.ClearAsync(Token);
        await Writer.ApplyAsync(rows, Token);
    }

    private async Task CompareAsync(string text, BookFilter filter)
    {
        var query = SearchQuery.Parse(text);
        var expected = await new FullTextQueries(_sqlite).FindAsync(query, filter, 0, 30, Token);
        var found = await new FullTextQueries(Database).FindAsync(query, filter, 0, 30, Token);

        Assert.Equal(expected.Total, found.Total);
        Assert.Equal(expected.Items.Select(item => item.Book.Isbn), found.Items.Select(item => item.Book.Isbn));
        Assert.All(expected.Items.Zip(found.Items), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-9 * Math.Abs(pair.First.Score)));
        Assert.Equal(expected.Facets.Genres, found.Facets.Genres);
        Assert.Equal(expected.Facets.Authors, found.Facets.Authors);
        Assert.Equal(expected.Facets.Languages, found.Facets.Languages);
        Assert.Equal(expected.Facets.Years, found.Facets.Years);
    }

    private async Task CompareAsync<T>(Func<ReadModelDatabase, Task<IEnumerable<T>>> ask) =>
        Assert.Equal(await ask(_sqlite), await ask(Database));
}
