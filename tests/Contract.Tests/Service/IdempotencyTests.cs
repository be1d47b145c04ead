namespace Lms.Contract.Tests;

public sealed class IdempotencyTests(LibraryFixture library)
{
    private const string Header = "Idempotency-Key";

    [Fact]
    public async Task A_repeated_author_is_the_same_author()
    {
        var librarian = await library.LibrarianAsync();
        var author = new { name = Any.PersonName, bio = Any.Bio };
        var key = Any.Key;

        var first = Expect.Status(201, await librarian.PostAsync("/api/authors", author, (Header, key)));
        var again = Expect.Status(201, await librarian.PostAsync("/api/authors", author, (Header, key)));

        Assert.Equal(
            first.Json.GetProperty("authorNumber").GetInt64(), again.Json.GetProperty("authorNumber").GetInt64());
    }

    [Fact]
    public async Task A_repeated_registration_is_the_same_reader()
    {
        var registration = Any.Reader();
        var key = Any.Key;

        var first = Expect.Status(
            201, await library.Anyone.PostAsync("/api/readers", Body.Encoded(registration), (Header, key)));
        var again = Expect.Status(
            201, await library.Anyone.PostAsync("/api/readers", Body.Encoded(registration), (Header, key)));

        Assert.Equal(first.Json.Text("readerNumber"), again.Json.Text("readerNumber"));
    }

    [Fact]
    public async Task A_repeated_lending_is_the_same_lending_even_after_the_third()
    {
        var reader = await library.NewReaderAsync();
        var librarian = await library.LibrarianAsync();
        var lend = new { isbn = (await library.BookAsync()).Isbn, readerNumber = reader.Number };
        var key = Any.Key;

        var first = Expect.Status(201, await librarian.PostAsync("/api/lendings", lend, (Header, key)));
        await library.LendAsync(reader);
        await library.LendAsync(reader);
        var again = Expect.Status(201, await librarian.PostAsync("/api/lendings", lend, (Header, key)));

        Assert.Equal(first.Json.Text("lendingNumber"), again.Json.Text("lendingNumber"));
    }

    [Fact]
    public async Task A_repeated_book_and_a_repeated_copy_are_created_once()
    {
        var librarian = await library.LibrarianAsync();
        var book = new
        {
            isbn = Any.Isbn13,
            title = Any.Title,
            genre = Any.GenreName,
            authors = new[] { new { name = Any.PersonName, bio = Any.Bio } },
        };
        var copy = new { barcode = Any.Barcode };
        var (bookKey, copyKey) = (Any.Key, Any.Key);

        foreach (var _ in Enumerable.Range(0, 2))
        {
            Expect.Status(201, await librarian.PostAsync("/api/books/complete", book, (Header, bookKey)));
            Expect.Status(201, await librarian.PostAsync($"/api/books/{book.isbn}/copies", copy, (Header, copyKey)));
        }

        var authors = await librarian.GetAsync($"/api/authors?name={Uri.EscapeDataString(book.authors[0].name)}");
        Assert.InRange(Expect.Status(200, authors).Items.Count, 0, 1);
    }

    [Fact]
    public async Task A_repeated_return_answers_like_the_first()
    {
        var lending = await library.LendAsync(await library.NewReaderAsync());
        var librarian = await library.LibrarianAsync();
        var back = new { lendingNumber = lending.Number };
        var key = Any.Key;

        Expect.Status(200, await librarian.PostAsync("/api/returns", back, (Header, key)));
        var again = await librarian.PostAsync("/api/returns", back, (Header, key));

        Assert.Equal(lending.Number, Expect.Status(200, again).Json.Text("lendingNumber"));
    }

    [Fact]
    public async Task A_repeated_change_is_no_conflict_with_itself()
    {
        var author = await library.NewAuthorAsync();
        var librarian = await library.LibrarianAsync();
        var change = new { bio = Any.Bio };
        (string, string)[] headers = [("If-Match", author.ETag), (Header, Any.Key)];

        Expect.Status(200, await librarian.SendAsync(HttpMethod.Patch, author.Path, Body.Json(change), headers));
        var again = await librarian.SendAsync(HttpMethod.Patch, author.Path, Body.Json(change), headers);

        Assert.Equal("\"1\"", Expect.Status(200, again).ETag);
    }

    [Fact]
    public async Task Many_at_once_with_one_key_are_one()
    {
        var librarian = await library.LibrarianAsync();
        var author = new { name = Any.PersonName, bio = Any.Bio };
        var key = Any.Key;

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => librarian.PostAsync("/api/authors", author, (Header, key))));

        Assert.Single(
            answers.Select(answer => Expect.Status(201, answer).Json.GetProperty("authorNumber").GetInt64())
                .Distinct());
    }

    [Fact]
    public async Task One_key_for_two_different_requests_is_refused()
    {
        var librarian = await library.LibrarianAsync();
        var key = Any.Key;

        Expect.Status(201, await librarian.PostAsync("/api/genres", new { name = Any.GenreName }, (Header, key)));
        var otherBody = await librarian.PostAsync("/api/genres", new { name = Any.GenreName }, (Header, key));
        var otherRoute =
            await librarian.PostAsync("/api/authors", new { name = Any.PersonName, bio = Any.Bio }, (Header, key));

        Expect.Problem(422, otherBody);
        Expect.Status(422, otherRoute);
    }

    [Fact]
    public async Task Keys_have_255_visible_ASCII_characters_at_most()
    {
        var librarian = await library.LibrarianAsync();
        var prefix = Any.Key;

        Expect.Status(201, await GenreAsync(prefix.PadRight(255, 'k')));
        Expect.Status(400, await GenreAsync(prefix.PadRight(256, 'k')));
        Expect.Status(400, await GenreAsync(prefix + "ção"));

        Task<Answer> GenreAsync(string key) =>
            librarian.PostAsync("/api/genres", new { name = Any.GenreName }, (Header, key));
    }

    [Fact]
    public async Task A_key_means_nothing_to_reads_by_POST()
    {
        var librarian = await library.LibrarianAsync();
        var book = await library.BookAsync();
        var key = Any.Key;

        var nothing =
            await librarian.PostAsync("/api/books/search", new { query = new { title = Any.Word } }, (Header, key));
        var found = await Eventually.HoldsAsync(
            () => librarian.PostAsync("/api/books/search", new { query = new { title = book.Title } }, (Header, key)),
            answer => answer.Status != 200 || answer.Items.Count > 0);

        Assert.Empty(Expect.Status(200, nothing).Items);
        Assert.Single(Expect.Status(200, found).Items);
    }
}
