using System.Globalization;

namespace Lms.Contract.Tests;

public sealed class CompleteBooksTests(LibraryFixture library)
{
    private const string Complete = "/api/books/complete";

    [Fact]
    public async Task A_book_comes_with_its_new_genre_and_its_new_author()
    {
        var isbn = Any.Isbn13;
        var genre = Any.GenreName;
        var name = Any.PersonName;
        var librarian = await library.LibrarianAsync();

        var answer = await librarian.PostAsync(Complete, new
        {
            isbn,
            title = "Tudo de Uma Vez",
            description = "Bom.",
            genre,
            authors = new[] { new { name, bio = Any.Bio } },
        });

        var book = Expect.Status(201, answer).Json;
        BooksTests.ExpectBookView(book);
        Assert.Equal(isbn, book.Text("isbn"));
        Assert.Equal(genre, book.Text("genre"));
        Assert.Equal(name, Assert.Single(book.GetProperty("authors").EnumerateArray()).GetString());
        Expect.Status(200, await librarian.GetAsync($"/api/books/{isbn}"));
        await library.NewBookAsync(genreName: genre);
        var authors = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"/api/authors?name={Uri.EscapeDataString(name)}"),
            found => found.Items.Count > 0);
        Assert.Single(authors.Items);
    }

    [Fact]
    public async Task Known_genres_and_authors_are_taken_as_they_are()
    {
        var author = await library.AuthorAsync();
        var genre = await library.GenreAsync();
        var name = Any.PersonName;

        var answer = await (await library.LibrarianAsync()).PostAsync(Complete, new
        {
            isbn = Any.Isbn10,
            title = Any.Title,
            genre,
            authors = new object[] { new { authorNumber = Number(author) }, new { name, bio = Any.Bio } },
        });

        var authors =
            Expect.Status(201, answer).Json.GetProperty("authors").EnumerateArray().Select(one => one.GetString()!);
        Assert.Equal(new[] { author.Name, name }.Order(StringComparer.Ordinal), authors.Order(StringComparer.Ordinal));
        Assert.True(answer.Json.IsNull("description"));
    }

    [Fact]
    [Covers("POST /api/books/complete", 409)]
    public async Task A_book_that_exists_brings_nothing_new()
    {
        var book = await library.BookAsync();
        var name = Any.PersonName;
        var librarian = await library.LibrarianAsync();

        var answer = await librarian.PostAsync(Complete, new
        {
            isbn = book.Isbn,
            title = Any.Title,
            genre = Any.GenreName,
            authors = new[] { new { name, bio = Any.Bio } },
        });

        Expect.Problem(409, answer, "book-exists");
        await ExpectNoAuthorAsync(name);
    }

    [Fact]
    [Covers("POST /api/books/complete", 404)]
    public async Task An_unknown_author_brings_nothing_new()
    {
        var isbn = Any.Isbn13;
        var genre = Any.GenreName;
        var name = Any.PersonName;
        var librarian = await library.LibrarianAsync();

        var answer = await librarian.PostAsync(Complete, new
        {
            isbn,
            title = Any.Title,
            genre,
            authors = new object[] { new { name, bio = Any.Bio }, new { authorNumber = 999999999 } },
        });

        Expect.Problem(404, answer);
        Expect.NotFound(await librarian.GetAsync($"/api/books/{isbn}"));
        await ExpectNoAuthorAsync(name);
        Expect.Empty(400, await librarian.PutAsync($"/api/books/{Any.Isbn13}", Body.Form(
            ("title", Any.Title), ("genre", genre), ("authors[]", (await library.AuthorAsync()).Number))));
    }

    [Theory]
    [InlineData("""{"isbn":"9789720706387","title":"T","genre":"G","authors":[{"name":"N","bio":"B"}]}""")]
    [InlineData("""{"title":"T","genre":"G","authors":[{"name":"N","bio":"B"}]}""")]
    [InlineData("""{"isbn":"ISBN","genre":"G","authors":[{"name":"N","bio":"B"}]}""")]
    [InlineData("""{"isbn":"ISBN","title":"T","authors":[{"name":"N","bio":"B"}]}""")]
    [InlineData("""{"isbn":"ISBN","title":"T","genre":"G","authors":[]}""")]
    [InlineData("""{"isbn":"ISBN","title":"T","genre":"G"}""")]
    [InlineData("""{"isbn":"ISBN","title":"T","genre":"G","authors":[{"name":"N"}]}""")]
    [InlineData("""{"isbn":"ISBN","title":"T","genre":"G","authors":[{"name":"N_","bio":"B"}]}""")]
    [Covers("POST /api/books/complete", 400)]
    public async Task What_breaks_a_rule_is_named(string body)
    {
        var json = body.Replace("ISBN", Any.Isbn13, StringComparison.Ordinal);

        var answer = await (await library.LibrarianAsync()).PostAsync(Complete, Body.Raw(json, "application/json"));

        Expect.FieldProblem(answer);
    }

    private static long Number(AnAuthor author) => long.Parse(author.Number, CultureInfo.InvariantCulture);

    private async Task ExpectNoAuthorAsync(string name)
    {
        var answer = await (await library.LibrarianAsync()).GetAsync($"/api/authors?name={Uri.EscapeDataString(name)}");

        Assert.Empty(Expect.Status(200, answer).Items);
    }
}
