using System.Text.Json;

namespace Lms.Contract.Tests;

public sealed class BooksTests(LibraryFixture library)
{
    private const string Books = "/api/books";

    [Fact]
    public async Task A_new_book_shows_its_authors_names_its_links_and_version_zero()
    {
        var author = await library.AuthorAsync();
        var genre = await library.GenreAsync();
        var path = $"{Books}/{Any.Isbn13}";

        var answer = await (await library.LibrarianAsync()).PutAsync(path, Body.Form(
            ("title", "  Um Título  "), ("genre", genre), ("authors[]", author.Number), ("description", "Bom.")));

        var book = Expect.Status(201, answer).Json;
        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal("\"0\"", answer.ETag);
        Assert.EndsWith(path, answer.Location, StringComparison.Ordinal);
        ExpectBookView(book);
        Assert.Equal("Um Título", book.Text("title"));
        Assert.Equal(genre, book.Text("genre"));
        Assert.Equal("Bom.", book.Text("description"));
        Assert.Equal([author.Name], book.GetProperty("authors").EnumerateArray().Select(name => name.GetString()!));
        AuthorsTests.ExpectUrl(
            book.GetProperty("_links").GetProperty("authors")[0].Text("href"), author.Path);
    }

    [Fact]
    public async Task A_new_book_is_found_with_the_same_version()
    {
        var book = await library.NewBookAsync();

        var answer = await (await library.ReaderAsync()).Api.GetAsync(book.Path);

        ExpectBookView(Expect.Status(200, answer).Json);
        Assert.Equal(book.Isbn, answer.Json.Text("isbn"));
        Assert.Equal(book.ETag, answer.ETag);
    }

    [Fact]
    public async Task A_missing_description_is_null()
    {
        var answer = await PutAsync(Any.Isbn13, Any.Title);

        Assert.True(Expect.Status(201, answer).Json.IsNull("description"));
    }

    [Theory]
    [InlineData("authors[]={0}&authors[]={1}", 2)]
    [InlineData("authors%5B%5D={0}&authors%5B%5D={1}", 2)]
    [InlineData("authors={0}&authors={1}", 2)]
    [InlineData("authors={0}", 1)]
    public async Task Authors_come_as_repeated_fields_with_or_without_brackets(string authors, int count)
    {
        var first = await library.AuthorAsync();
        var second = await library.NewAuthorAsync();
        var fields = authors.Replace("{0}", first.Number, StringComparison.Ordinal)
            .Replace("{1}", second.Number, StringComparison.Ordinal);

        var answer = await (await library.LibrarianAsync()).PutAsync($"{Books}/{Any.Isbn13}", Body.Raw(
            $"title=Livro&genre={Uri.EscapeDataString(await library.GenreAsync())}&{fields}",
            "application/x-www-form-urlencoded"));

        Assert.Equal(count, Expect.Status(201, answer).Json.GetProperty("authors").GetArrayLength());
    }

    [Fact]
    public async Task Authors_in_multipart_fields_need_no_brackets()
    {
        var author = await library.AuthorAsync();

        var answer = await (await library.LibrarianAsync()).PutAsync($"{Books}/{Any.Isbn13}", Body.Form(
            ("title", Any.Title), ("genre", await library.GenreAsync()), ("authors", author.Number)));

        Assert.Equal(1, Expect.Status(201, answer).Json.GetProperty("authors").GetArrayLength());
    }

    [Fact]
    public async Task Unknown_authors_are_dropped_while_one_is_known()
    {
        var author = await library.AuthorAsync();

        var answer = await (await library.LibrarianAsync()).PutAsync($"{Books}/{Any.Isbn13}", Body.Form(
            ("title", Any.Title), ("genre", await library.GenreAsync()),
            ("authors[]", "999999999"), ("authors[]", author.Number)));

        Assert.Equal(1, Expect.Status(201, answer).Json.GetProperty("authors").GetArrayLength());
    }

    [Fact]
    public async Task Fields_may_come_as_JSON()
    {
        var author = await library.AuthorAsync();
        var librarian = await library.LibrarianAsync();
        var path = $"{Books}/{Any.Isbn13}";

        var created = Expect.Status(201, await librarian.PutAsync(
            path, new { title = "Livro", genre = await library.GenreAsync(), authors = new[] { Number(author) } }));
        var changed = await librarian.PatchAsync(path, new { title = "Outro livro" }, created.ETag);

        Assert.Equal("Outro livro", Expect.Status(200, changed).Json.Text("title"));
        Expect.Empty(400, await librarian.PutAsync($"{Books}/{Any.Isbn13}", new { title = "Livro" }));
    }

    [Fact]
    [Covers("PUT /api/books/{}", 400)]
    public async Task Whatever_is_wrong_with_a_new_book_is_not_told()
    {
        var book = await library.BookAsync();
        var genre = await library.GenreAsync();
        var librarian = await library.LibrarianAsync();

        Expect.Empty(400, await PutAsync(book.Isbn, Any.Title));
        Expect.Empty(400, await PutAsync(Any.Misprinted(Any.Isbn13), Any.Title));
        Expect.Empty(400, await librarian.PutAsync($"{Books}/{Any.Isbn13}", Body.Form(
            ("title", Any.Title), ("genre", Any.GenreName), ("authors[]", book.Author.Number))));
        Expect.Empty(400, await librarian.PutAsync($"{Books}/{Any.Isbn13}", Body.Form(
            ("title", Any.Title), ("genre", genre), ("authors[]", "999999999"))));
        Expect.Empty(400, await librarian.PutAsync($"{Books}/{Any.Isbn13}", Body.Form(
            ("title", Any.Title), ("genre", genre))));
        Expect.Empty(400, await librarian.PutAsync($"{Books}/{Any.Isbn13}", Body.Form(
            ("genre", genre), ("authors[]", book.Author.Number))));
    }

    [Fact]
    public async Task A_bad_photo_of_a_new_book_is_told()
    {
        var author = await library.AuthorAsync();

        var answer = await (await library.LibrarianAsync()).PutAsync($"{Books}/{Any.Isbn13}", Body.Form(
            Photo.Gif(), ("title", Any.Title), ("genre", await library.GenreAsync()), ("authors[]", author.Number)));

        Expect.BadRequest(answer);
    }

    [Fact]
    public async Task An_ISBN_may_have_ten_characters_or_thirteen_digits()
    {
        string[] valid = [Any.Isbn13, Any.Isbn10, Any.Isbn10EndingInX];
        var ten = Any.Isbn10EndingInX;
        string[] invalid =
        [
            Any.Misprinted(Any.Isbn13), Any.Misprinted(ten), ten[..9], ten + "1", Any.Isbn13[..12], Any.Isbn13 + "1",
            $"{ten[..1]}-{ten[1..]}", "ABCDEFGHIJ", "X" + ten[1..], Any.Isbn13[..12] + "X", "978-0306406157",
        ];

        foreach (var isbn in valid)
        {
            Assert.Equal(isbn, Expect.Status(201, await PutAsync(isbn, Any.Title)).Json.Text("isbn"));
        }

        foreach (var isbn in invalid)
        {
            Expect.Empty(400, await PutAsync(isbn, Any.Title));
        }
    }

    [Fact]
    public async Task A_book_of_ten_characters_is_found_under_its_own_number()
    {
        var book = await library.NewBookAsync(isbn: Any.Isbn10EndingInX);

        var answer = await (await library.LibrarianAsync()).GetAsync(book.Path);

        Assert.Equal(book.Isbn, Expect.Status(200, answer).Json.Text("isbn"));
    }

    [Theory]
    [InlineData(1, 201)]
    [InlineData(128, 201)]
    [InlineData(129, 400)]
    public async Task Titles_end_at_128_characters(int length, int status) =>
        Expect.Status(status, await PutAsync(Any.Isbn13, new string('t', length)));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public async Task A_title_is_not_blank(string title) => Expect.Empty(400, await PutAsync(Any.Isbn13, title));

    [Theory]
    [InlineData(4096, 201)]
    [InlineData(4097, 400)]
    public async Task Descriptions_end_at_4096_characters(int length, int status)
    {
        var answer = await PutAsync(Any.Isbn13, Any.Title, ("description", new string('d', length)));

        Expect.Status(status, answer);
    }

    [Fact]
    public async Task A_description_keeps_its_formatting_and_loses_its_scripts()
    {
        var answer = await PutAsync(
            Any.Isbn13, Any.Title, ("description", "<i>Bom</i><script>alert(1)</script><p onclick=\"alert(2)\">x</p>"));

        var description = Expect.Status(201, answer).Json.Text("description")!;
        Assert.Contains("<i>Bom</i>", description, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", description, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("onclick", description, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_genre_of_a_book_is_found_in_any_case()
    {
        var genre = await library.GenreAsync();
        var author = await library.AuthorAsync();

        var answer = await (await library.LibrarianAsync()).PutAsync($"{Books}/{Any.Isbn13}", Body.Form(
            ("title", Any.Title), ("genre", genre.ToUpperInvariant()), ("authors[]", author.Number)));

        Assert.Equal(genre, Expect.Status(201, answer).Json.Text("genre"));
    }

    [Fact]
    public async Task A_new_book_ignores_If_Match()
    {
        var author = await library.AuthorAsync();

        var answer = await (await library.LibrarianAsync()).PutAsync(
            $"{Books}/{Any.Isbn13}",
            Body.Form(("title", Any.Title), ("genre", await library.GenreAsync()), ("authors[]", author.Number)),
            ("If-Match", "\"99\""));

        Expect.Status(201, answer);
    }

    [Fact]
    public async Task A_change_touches_only_the_fields_that_are_sent()
    {
        var book = await library.NewBookAsync();

        var answer = await (await library.LibrarianAsync()).PatchAsync(
            book.Path, Body.Form(("description", "Melhor.")), book.ETag);

        Assert.Equal("Melhor.", Expect.Status(200, answer).Json.Text("description"));
        Assert.Equal(book.Title, answer.Json.Text("title"));
        Assert.Equal(book.Genre, answer.Json.Text("genre"));
        Assert.Equal("\"1\"", answer.ETag);
    }

    [Fact]
    public async Task Genre_and_authors_of_a_book_may_change()
    {
        var book = await library.NewBookAsync();
        var genre = await library.NewGenreAsync();
        var author = await library.NewAuthorAsync();

        var answer = await (await library.LibrarianAsync()).PatchAsync(
            book.Path, Body.Encoded(("genre", genre), ("authors[]", author.Number)), book.ETag);

        Assert.Equal(genre, Expect.Status(200, answer).Json.Text("genre"));
        Assert.Equal(author.Name, Assert.Single(answer.Json.GetProperty("authors").EnumerateArray()).GetString());
    }

    [Fact]
    [Covers("PATCH /api/books/{}", 409)]
    public async Task Whatever_is_wrong_with_a_change_is_a_conflict()
    {
        var book = await library.NewBookAsync();
        var librarian = await library.LibrarianAsync();

        var unknownBook = await librarian.PatchAsync($"{Books}/{Any.Isbn13}", Body.Form(("title", Any.Title)), "\"0\"");
        var unknownGenre = await librarian.PatchAsync(book.Path, Body.Form(("genre", Any.GenreName)), book.ETag);

        Expect.Says("Could not update book", Expect.Status(409, unknownBook));
        Expect.Says("Could not update book", Expect.Status(409, unknownGenre));
        Expect.Error(409, unknownBook);
    }

    [Fact]
    [Covers("GET /api/books/{}", 404)]
    [Covers("GET /api/books/{}/avgDuration", 404)]
    [Covers("GET /api/books/{}/photo", 404)]
    public async Task An_unknown_book_is_not_found()
    {
        var unknown = $"{Books}/{Any.Isbn13}";
        var librarian = await library.LibrarianAsync();

        Expect.NotFound(await librarian.GetAsync(unknown));
        Expect.NotFound(await librarian.GetAsync($"{unknown}/avgDuration"));
        Expect.NotFound(await librarian.GetAsync($"{unknown}/photo"));
        Expect.NotFound(await librarian.DeleteAsync($"{unknown}/photo"));
    }

    [Fact]
    public async Task Books_are_found_by_any_of_title_genre_and_author_sorted_by_title()
    {
        var word = Any.Word;
        var genre = await library.NewGenreAsync($"Prosa{Any.Word}");
        var author = await library.NewAuthorAsync($"Zita{Any.Word} Silva");
        var byTitle = await library.NewBookAsync($"C livro {word} dois");
        var byGenre = await library.NewBookAsync("B", genre);
        var byAuthor = await library.NewBookAsync("A", by: author);
        var reader = (await library.ReaderAsync()).Api;
        var (inTitle, inGenre, startOfName) = (
            word.ToUpperInvariant(), genre[3..].ToUpperInvariant(), author.Name[..18].ToUpperInvariant());

        var answer = await Eventually.HoldsAsync(
            () => reader.GetAsync($"{Books}?title={inTitle}&genre={inGenre}&authorName={startOfName}"),
            found => found.Status == 200 && found.Items.Count == 3);

        Assert.Equal(
            [byAuthor.Isbn, byGenre.Isbn, byTitle.Isbn],
            Expect.Status(200, answer).Items.Select(item => item.Text("isbn")!));
        Assert.All(answer.Items, ExpectBookView);
    }

    [Fact]
    public async Task An_authors_name_is_found_by_its_start_only()
    {
        var author = await library.NewAuthorAsync($"Rui {Any.Word}");
        await library.NewBookAsync(by: author);

        var answer = await (await library.LibrarianAsync()).GetAsync($"{Books}?authorName={author.Name[4..]}");

        Expect.Status(404, answer);
    }

    [Fact]
    [Covers("GET /api/books", 404)]
    public async Task No_book_or_no_question_is_not_found()
    {
        var librarian = await library.LibrarianAsync();

        Expect.Error(404, await librarian.GetAsync($"{Books}?title={Any.Word}"));
        Expect.Error(404, await librarian.GetAsync(Books));
    }

    [Fact]
    public async Task A_search_wants_all_criteria_each_from_its_start()
    {
        var word = Any.Word;
        var genre = await library.NewGenreAsync();
        var wanted = await library.NewBookAsync($"{word} b", genre);
        var first = await library.NewBookAsync($"{word} a", genre);
        await library.NewBookAsync($"O {word}", genre);
        await library.NewBookAsync($"{word} c");
        var author = await library.AuthorAsync();
        var reader = (await library.ReaderAsync()).Api;

        var answer = await Eventually.HoldsAsync(
            () => reader.PostAsync($"{Books}/search", new
            {
                page = (object?)null,
                query = new
                {
                    title = word.ToUpperInvariant(),
                    genre = genre[..^2].ToUpperInvariant(),
                    authorName = author.Name[..^2].ToUpperInvariant(),
                },
            }),
            found => found.Items.Count == 2);

        Assert.Equal([first.Isbn, wanted.Isbn], Expect.Status(200, answer).Items.Select(item => item.Text("isbn")!));
        Assert.All(answer.Items, ExpectBookView);
    }

    [Fact]
    public async Task A_search_that_finds_nothing_is_an_empty_list()
    {
        var answer = await (await library.LibrarianAsync()).PostAsync(
            $"{Books}/search", new { query = new { title = Any.Word } });

        Assert.Empty(Expect.Status(200, answer).Items);
    }

    [Fact]
    public async Task A_search_has_pages_of_ten_unless_told()
    {
        var word = Any.Word;
        await library.NewBookAsync($"{word} a");
        var second = await library.NewBookAsync($"{word} b");
        var librarian = await library.LibrarianAsync();

        var page = await Eventually.HoldsAsync(
            () => librarian.PostAsync(
                $"{Books}/search", new { page = new { number = 2, limit = 1 }, query = new { title = word } }),
            found => found.Items.Count == 1);
        var defaults =
            await librarian.PostAsync($"{Books}/search", new { page = (object?)null, query = (object?)null });

        Assert.Equal(second.Isbn, Assert.Single(page.Items).Text("isbn"));
        Assert.InRange(Expect.Status(200, defaults).Items.Count, 1, 10);
    }

    [Fact]
    public async Task The_five_most_lent_books_come_in_order()
    {
        await library.TodayAsync();
        var librarian = await library.LibrarianAsync();

        var answer =
            await Eventually.HoldsAsync(() => librarian.GetAsync($"{Books}/top5"), found => found.Items.Count > 0);

        var items = Expect.Status(200, answer).Items;
        Assert.InRange(items.Count, 1, 5);
        Assert.All(items, item => Expect.Members(item, "bookView", "lendingCount"));
        Assert.All(items, item => ExpectBookView(item.GetProperty("bookView")));
        var counts = items.Select(item => item.GetProperty("lendingCount").GetInt64()).ToList();
        Assert.Equal(counts.OrderDescending(), counts);
    }

    [Fact]
    public async Task A_reader_is_offered_two_books_of_each_genre_of_interest()
    {
        var genre = await library.NewGenreAsync();
        var other = await library.NewGenreAsync();
        foreach (var of in new[] { genre, genre, genre, other })
        {
            await library.NewBookAsync(genreName: of);
        }

        var reader = await library.NewReaderAsync(("interestList[]", genre), ("interestList[]", other));

        var answer = await Eventually.HoldsAsync(
            () => reader.Api.GetAsync($"{Books}/suggestions"), found => found.Status == 200 && found.Items.Count == 3);

        var genres = Expect.Status(200, answer).Items.Select(item => item.Text("genre")).ToList();
        Assert.All(answer.Items, ExpectBookView);
        Assert.Equal(2, genres.Count(of => of == genre));
        Assert.Equal(1, genres.Count(of => of == other));
    }

    [Fact]
    public async Task A_reader_without_interests_is_offered_nothing()
    {
        var reader = await library.NewReaderAsync();

        var answer = await reader.Api.GetAsync($"{Books}/suggestions");

        Expect.Error(404, answer);
    }

    [Fact]
    public async Task The_average_duration_of_a_book_counts_its_returned_lendings()
    {
        var book = await library.NewBookAsync();
        await library.LendAndReturnAsync(await library.NewReaderAsync(), book.Isbn);
        var librarian = await library.LibrarianAsync();

        var answer = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"{book.Path}/avgDuration"), found => found.Status == 200);

        Expect.Members(Expect.Status(200, answer).Json, "book", "averageLendingDuration");
        ExpectBookView(answer.Json.GetProperty("book"));
        Assert.Equal(0m, answer.Json.GetProperty("averageLendingDuration").GetDecimal());
    }

    [Fact]
    public async Task A_demo_book_was_kept_for_four_days_on_average()
    {
        var demo = await library.DemoAsync();
        var librarian = await library.LibrarianAsync();

        var answer = await librarian.GetAsync($"{Books}/{Demo.BookOfFourDays}/avgDuration");

        Assert.True(demo.IsThere);
        Assert.Equal(4.0m, Expect.Status(200, answer).Json.GetProperty("averageLendingDuration").GetDecimal());
    }

    [Fact]
    [Covers("GET /api/books/{}/avgDuration", 400)]
    public async Task A_book_that_was_never_returned_has_no_average_duration()
    {
        var book = await library.NewBookAsync();
        await library.LendAsync(await library.NewReaderAsync(), book.Isbn);

        var answer = await (await library.LibrarianAsync()).GetAsync($"{book.Path}/avgDuration");

        Expect.BadRequest(answer);
    }

    [Fact]
    [Covers("DELETE /api/books/{}/photo", 404)]
    public async Task A_photo_is_kept_and_removed_once()
    {
        var book = await library.NewBookAsync(photo: Photo.Png());
        var librarian = await library.LibrarianAsync();

        Assert.Equal("image/png", Expect.Status(200, await librarian.GetAsync($"{book.Path}/photo")).ContentType);
        Expect.Empty(200, await librarian.DeleteAsync($"{book.Path}/photo", ("If-Match", "\"99\"")));

        Expect.Error(404, await librarian.DeleteAsync($"{book.Path}/photo"));
        var photo = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"{book.Path}/photo"), answer => answer.Body.Length == 0);
        Expect.Empty(200, photo);
    }

    internal static void ExpectBookView(JsonElement book)
    {
        Expect.Members(book, "title", "authors", "genre", "description", "isbn", "_links");
        var links = book.GetProperty("_links");
        Expect.Members(links, "self", "authors", "photo");
        AuthorsTests.ExpectUrl(links.Text("self"), $"{Books}/{book.Text("isbn")}");
        AuthorsTests.ExpectUrl(links.Text("photo"), $"{Books}/{book.Text("isbn")}/photo");
        Assert.Equal(book.GetProperty("authors").GetArrayLength(), links.GetProperty("authors").GetArrayLength());
        Assert.All(links.GetProperty("authors").EnumerateArray(), author => Expect.Members(author, "href"));
    }

    private static long Number(AnAuthor author) =>
        long.Parse(author.Number, System.Globalization.CultureInfo.InvariantCulture);

    private async Task<Answer> PutAsync(string isbn, string title, params (string Name, string Value)[] more)
    {
        (string Name, string Value)[] fields =
        [
            ("title", title), ("genre", await library.GenreAsync()),
            ("authors[]", (await library.AuthorAsync()).Number), .. more,
        ];
        return await (await library.LibrarianAsync()).PutAsync($"{Books}/{isbn}", Body.Form(fields));
    }
}
