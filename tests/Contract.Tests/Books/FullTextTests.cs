namespace Lms.Contract.Tests;

public sealed class FullTextTests(LibraryFixture library)
{
    private const string FullText = "/api/books/full-text";

    [Fact]
    public async Task A_book_is_found_whatever_the_case_and_the_accents()
    {
        var word = Any.Word;
        var book = await library.NewBookAsync($"Ação e Coração de {word}");

        var answer = await FindAsync($"CORACAO acção {word}", 0);
        var found = await FindAsync($"CORACAO açao {word.ToUpperInvariant()}");

        Assert.Empty(answer.Items);
        var item = Assert.Single(found.Items);
        Assert.Equal(book.Isbn, item.Text("isbn"));
        Expect.Members(found.Json, "items", "page", "limit", "total", "facets");
        Expect.Members(item, "title", "authors", "genre", "description", "isbn", "_links", "score");
        Assert.True(item.GetProperty("score").GetDouble() > 0);
        Assert.Equal(1, found.Json.GetProperty("total").GetInt64());
        Assert.Equal(1, found.Json.GetProperty("page").GetInt32());
        Assert.Equal(20, found.Json.GetProperty("limit").GetInt32());
    }

    [Fact]
    public async Task Words_of_a_phrase_stand_next_to_each_other()
    {
        var (one, two) = (Any.Word, Any.Word);
        var book = await library.NewBookAsync($"{one} {two}");
        await library.NewBookAsync($"{two} {one}");

        Assert.Equal(2, (await FindAsync($"{one} {two}", 2)).Items.Count);
        Assert.Equal([book.Isbn], Isbns(await FindAsync($"\"{one} {two}\"")));
    }

    [Fact]
    public async Task The_beginning_of_a_word_finds_only_with_a_star()
    {
        var book = await library.NewBookAsync();
        var beginning = book.Title.Split(' ')[1][..^2];

        Assert.Equal([book.Isbn], Isbns(await FindAsync($"{beginning}*")));
        Assert.Empty((await FindAsync(beginning, 0)).Items);
    }

    [Fact]
    public async Task An_isbn_finds_its_book_however_it_is_spelled()
    {
        var ten = Any.Isbn10EndingInX;
        var book = await library.NewBookAsync(isbn: ten);
        var twelve = $"978{ten[..9]}";
        var thirteen = twelve + Any.Isbn13Check(twelve);

        foreach (var spelling in new[]
        {
            ten, ten.ToLowerInvariant(), $"{ten[0]}-{ten[1..4]}-{ten[4..9]}-{ten[9]}", thirteen,
            $"{thirteen[..3]}-{thirteen[3..5]}-{thirteen[5..12]}-{thirteen[12]}", $"{thirteen[..3]} {thirteen[3..12]} {thirteen[12]}",
        })
        {
            Assert.Equal([book.Isbn], Isbns(await FindAsync(spelling)));
        }
    }

    [Fact]
    public async Task A_book_is_found_by_its_authors_name_as_it_is_today()
    {
        var author = await library.NewAuthorAsync();
        var book = await library.NewBookAsync(by: author);
        Assert.Equal([book.Isbn], Isbns(await FindAsync(author.Name)));
        var name = Any.PersonName;

        Expect.Status(200, await (await library.LibrarianAsync()).PatchAsync(
            author.Path, Body.Form(("name", name)), author.ETag));

        Assert.Equal([book.Isbn], Isbns(await FindAsync(name)));
        Assert.Empty((await FindAsync(author.Name, 0)).Items);
    }

    [Fact]
    public async Task The_text_of_a_description_finds_and_its_markup_does_not()
    {
        var (one, two, three) = (Any.Word, Any.Word, Any.Word);
        var isbn = Any.Isbn13;
        Expect.Status(201, await (await library.LibrarianAsync()).PutAsync($"/api/books/{isbn}", Body.Form(
            ("title", Any.Title), ("genre", await library.GenreAsync()), ("authors[]", (await library.AuthorAsync()).Number),
            ("description", $"<p>{one}</p><p><b>{two[..3]}</b>{two[3..]} &amp; <a href=\"https://example.org/{three}\">x</a></p>"))));

        Assert.Equal([isbn], Isbns(await FindAsync($"{one} {two}")));
        Assert.Empty((await FindAsync(three, 0)).Items);
    }

    [Fact]
    public async Task Filters_narrow_what_is_found_and_facets_tell_what_is_left()
    {
        var word = Any.Word;
        var (genre, other) = (await library.NewGenreAsync(), await library.NewGenreAsync());
        var (ana, rui) = (await library.NewAuthorAsync(), await library.NewAuthorAsync());
        var first = await library.NewBookAsync($"{word} 1", genre, ana);
        var second = await library.NewBookAsync($"{word} 2", genre, rui);
        var third = await library.NewBookAsync($"{word} 3", other, rui);

        var all = await FindAsync(word, 3);
        var byGenre = await FindAsync($"{word}&genre={Uri.EscapeDataString(genre.ToUpperInvariant())}", 2);
        var byNumber = await FindAsync($"{word}&author={rui.Number}", 2);
        var byName = await FindAsync($"{word}&author={Uri.EscapeDataString(rui.Name.ToUpperInvariant())}&genre={Uri.EscapeDataString(other)}");

        Assert.Equal([first.Isbn, second.Isbn, third.Isbn], Isbns(all));
        Assert.Equal([(genre, 2), (other, 1)], Facet(all, "genres"));
        Assert.Equal([(rui.Name, 2), (ana.Name, 1)], Facet(all, "authors"));
        Assert.Equal(
            rui.Number,
            all.Json.GetProperty("facets").GetProperty("authors")[0].GetProperty("number").GetInt64().ToString(
                System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal([first.Isbn, second.Isbn], Isbns(byGenre));
        Assert.Equal([second.Isbn, third.Isbn], Isbns(byNumber));
        Assert.Equal(new[] { (genre, 1), (other, 1) }.Order(), Facet(byNumber, "genres").Order());
        Assert.Equal([third.Isbn], Isbns(byName));
        Assert.Empty((await FindAsync($"{word}&language=por", 0)).Items);
        Assert.Empty((await FindAsync($"{word}&yearFrom=1900&yearTo=1999", 0)).Items);
    }

    [Fact]
    public async Task Without_words_the_books_of_a_genre_come_by_title()
    {
        var genre = await library.NewGenreAsync();
        var second = await library.NewBookAsync("Beta", genre);
        var first = await library.NewBookAsync("alfa", genre);

        var answer = await FindAsync($"&genre={Uri.EscapeDataString(genre)}", 2);

        Assert.Equal([first.Isbn, second.Isbn], Isbns(answer));
    }

    [Fact]
    public async Task Pages_hold_every_book_once_and_always_in_the_same_order()
    {
        var word = Any.Word;
        for (var number = 0; number < 5; number++)
        {
            await library.NewBookAsync($"{word} {number % 2}");
        }

        var all = Isbns(await FindAsync(word, 5));
        List<string> pages = [];
        for (var page = 1; page <= 4; page++)
        {
            var answer = await FindAsync($"{word}&page={page}&limit=2", page < 3 ? 2 : page == 3 ? 1 : 0);
            Assert.Equal(5, answer.Json.GetProperty("total").GetInt64());
            pages.AddRange(Isbns(answer));
        }

        Assert.Equal(all, pages);
        Assert.Equal(5, pages.Distinct().Count());
    }

    [Theory]
    [InlineData("?page=0", "page-invalid")]
    [InlineData("?limit=101", "page-invalid")]
    [InlineData("?yearFrom=2001&yearTo=2000", "years-invalid")]
    [InlineData("?yearFrom=MM", null)]
    [InlineData("?yearTo=2000.5", null)]
    [Covers("GET /api/books/full-text", 400)]
    public async Task What_cannot_be_searched_for_is_refused(string query, string? code) =>
        Expect.Problem(400, await (await library.LibrarianAsync()).GetAsync(FullText + query), code);

    [Fact]
    public async Task A_query_is_not_too_long()
    {
        var librarian = await library.LibrarianAsync();

        Expect.Status(200, await librarian.GetAsync($"{FullText}?q={new string('q', 500)}"));
        Expect.Problem(400, await librarian.GetAsync($"{FullText}?q={new string('q', 501)}"), "query-too-long");
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("title:a OR b* NEAR(c, 2) ^d")]
    [InlineData("'; DROP TABLE books; --")]
    [InlineData("-- ** ()")]
    [InlineData("東京\0")]
    public async Task Signs_in_a_query_are_no_mistake(string query) => Expect.Status(
        200, await (await library.ReaderAsync()).Api.GetAsync($"{FullText}?q={Uri.EscapeDataString(query)}"));

    private static List<string> Isbns(Answer answer) => [.. answer.Items.Select(item => item.Text("isbn")!)];

    private static List<(string, int)> Facet(Answer answer, string name) =>
    [
        .. answer.Json.GetProperty("facets").GetProperty(name).EnumerateArray()
            .Select(facet => (facet.Text("value")!, facet.GetProperty("count").GetInt32())),
    ];

    /// <param name="query">What follows q=, as it is typed; parameters may follow.</param>
    /// <param name="count">How many books the page has, as soon as the index has followed.</param>
    private async Task<Answer> FindAsync(string query, int count = 1)
    {
        var reader = (await library.ReaderAsync()).Api;
        var words = query.Split('&')[0];
        var address = $"{FullText}?q={Uri.EscapeDataString(words)}{query[words.Length..]}";
        return Expect.Status(200, await Eventually.HoldsAsync(
            () => reader.GetAsync(address), answer => answer.Items.Count == count));
    }
}
