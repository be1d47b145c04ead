using System.Globalization;
using System.Text.Json;

namespace Lms.Contract.Tests;

public sealed class AuthorsTests(LibraryFixture library)
{
    private const string Authors = "/api/authors";

    [Fact]
    public async Task A_new_author_gets_a_number_links_and_version_zero()
    {
        var name = Any.PersonName;

        var answer = await (await library.LibrarianAsync()).PostAsync(
            Authors, Body.Form(("name", name), ("bio", "Nasceu e escreveu.")));

        var author = Expect.Status(201, answer).Json;
        var path = $"{Authors}/{author.GetProperty("authorNumber").GetInt64().ToString(CultureInfo.InvariantCulture)}";
        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal("\"0\"", answer.ETag);
        Assert.EndsWith(path, answer.Location, StringComparison.Ordinal);
        ExpectAuthorView(author, path);
        Assert.Equal(name, author.Text("name"));
        Assert.Equal("Nasceu e escreveu.", author.Text("bio"));
        Assert.True(author.IsNull("photo"));
    }

    [Fact]
    public async Task A_new_author_is_found_with_the_same_version()
    {
        var author = await library.NewAuthorAsync();

        var answer = await (await library.LibrarianAsync()).GetAsync(author.Path);

        ExpectAuthorView(Expect.Status(200, answer).Json, author.Path);
        Assert.Equal(author.ETag, answer.ETag);
    }

    [Fact]
    public async Task A_photo_that_comes_along_is_kept()
    {
        var author = await library.NewAuthorAsync(photo: Photo.Jpeg());
        var librarian = await library.LibrarianAsync();

        var view = Expect.Status(200, await librarian.GetAsync(author.Path)).Json;
        var photo = Expect.Status(200, await librarian.GetAsync($"{author.Path}/photo"));

        Assert.EndsWith($"{author.Path}/photo", view.Text("photo"), StringComparison.Ordinal);
        Assert.Equal("image/jpeg", photo.ContentType);
        Assert.NotEmpty(photo.Body);
    }

    [Fact]
    public async Task Fields_may_come_urlencoded()
    {
        var name = Any.PersonName;

        var answer = await (await library.LibrarianAsync()).PostAsync(
            Authors, Body.Encoded(("name", name), ("bio", "Uma vida.")));

        Assert.Equal(name, Expect.Status(201, answer).Json.Text("name"));
    }

    [Fact]
    public async Task Fields_may_come_as_JSON()
    {
        var name = Any.PersonName;
        var librarian = await library.LibrarianAsync();

        var created = Expect.Status(201, await librarian.PostAsync(Authors, new { name, bio = "Uma vida." }));
        var path = $"{Authors}/{created.Json.GetProperty("authorNumber").GetRawText()}";
        var changed = await librarian.PatchAsync(path, new { bio = "Outra vida." }, created.ETag);

        Assert.Equal("Outra vida.", Expect.Status(200, changed).Json.Text("bio"));
        Assert.Equal(name, changed.Json.Text("name"));
    }

    [Fact]
    [Covers("POST /api/authors", 400)]
    public async Task An_author_needs_a_name_and_a_bio()
    {
        var librarian = await library.LibrarianAsync();

        Expect.BadRequest(await librarian.PostAsync(Authors, Body.Form(("name", Any.PersonName))));
        Expect.BadRequest(await librarian.PostAsync(Authors, Body.Form(("bio", Any.Bio))));
        Expect.BadRequest(await librarian.PostAsync(Authors, new { name = Any.PersonName }));
        Expect.BadRequest(await librarian.PostAsync(Authors, new { }));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("Ana-Maria d'Orey 2", true)]
    [InlineData("Antoine de Saint Exupéry", true)]
    [InlineData(" ", false)]
    [InlineData("Ana_Maria", false)]
    [InlineData("Ana <b>Maria</b>", false)]
    [InlineData("J. R. R.", false)]
    public async Task A_name_has_letters_digits_spaces_apostrophes_and_hyphens(string name, bool accepted)
    {
        var answer =
            await (await library.LibrarianAsync()).PostAsync(Authors, Body.Form(("name", name), ("bio", Any.Bio)));

        Expect.Status(accepted ? 201 : 400, answer);
    }

    [Theory]
    [InlineData(150, 1, 201)]
    [InlineData(151, 1, 400)]
    [InlineData(1, 4096, 201)]
    [InlineData(1, 4097, 400)]
    public async Task Names_end_at_150_and_bios_at_4096_characters(int nameLength, int bioLength, int status)
    {
        var answer = await (await library.LibrarianAsync()).PostAsync(
            Authors, Body.Form(("name", new string('a', nameLength)), ("bio", new string('b', bioLength))));

        Expect.Status(status, answer);
    }

    [Fact]
    public async Task A_bio_keeps_its_formatting_and_loses_its_scripts()
    {
        const string html =
            "<b>Bold</b><script>alert(1)</script><img src=x onerror=alert(2)><a href=\"javascript:alert(3)\">x</a>";

        var answer = await (await library.LibrarianAsync()).PostAsync(
            Authors, Body.Form(("name", Any.PersonName), ("bio", html)));

        var bio = Expect.Status(201, answer).Json.Text("bio")!;
        Assert.Contains("<b>Bold</b>", bio, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", bio, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", bio, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("javascript:", bio, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_change_touches_only_the_fields_that_are_sent()
    {
        var author = await library.NewAuthorAsync();

        var answer =
            await (await library.LibrarianAsync()).PatchAsync(author.Path, Body.Form(("bio", "Nova.")), author.ETag);

        Assert.Equal("Nova.", Expect.Status(200, answer).Json.Text("bio"));
        Assert.Equal(author.Name, answer.Json.Text("name"));
        Assert.Equal("\"1\"", answer.ETag);
    }

    [Fact]
    public async Task A_photo_may_be_given_later()
    {
        var author = await library.NewAuthorAsync();
        var librarian = await library.LibrarianAsync();

        Expect.Status(200, await librarian.PatchAsync(author.Path, Body.Form(Photo.Png()), author.ETag));

        Assert.Equal("image/png", (await librarian.GetAsync($"{author.Path}/photo")).ContentType);
    }

    [Fact]
    [Covers("PATCH /api/authors/{}", 400)]
    public async Task A_change_must_keep_the_rules()
    {
        var author = await library.NewAuthorAsync();
        var librarian = await library.LibrarianAsync();

        Expect.BadRequest(
            await librarian.PatchAsync(author.Path, Body.Form(("name", new string('a', 151))), author.ETag));
        Expect.BadRequest(
            await librarian.PatchAsync(author.Path, Body.Form(("bio", new string('a', 4097))), author.ETag));
    }

    [Fact]
    [Covers("PATCH /api/authors/{}", 404)]
    [Covers("GET /api/authors/{}", 404)]
    [Covers("GET /api/authors/{}/books", 404)]
    [Covers("GET /api/authors/{}/coauthors", 404)]
    [Covers("GET /api/authors/{}/photo", 404)]
    public async Task An_unknown_author_is_not_found()
    {
        const string unknown = $"{Authors}/999999999";
        var librarian = await library.LibrarianAsync();
        var reader = (await library.ReaderAsync()).Api;

        Expect.NotFound(await librarian.GetAsync(unknown));
        Expect.NotFound(await librarian.PatchAsync(unknown, Body.Form(("bio", Any.Bio)), "\"0\""));
        Expect.NotFound(await reader.GetAsync($"{unknown}/books"));
        Expect.NotFound(await reader.GetAsync($"{unknown}/coauthors"));
        Expect.NotFound(await librarian.GetAsync($"{unknown}/photo"));
    }

    [Fact]
    public async Task Authors_are_found_by_the_start_of_their_name_in_any_case()
    {
        var word = Any.Word;
        var author = await library.NewAuthorAsync($"Autora{word} Maria");
        await library.NewAuthorAsync($"Maria Autora{word}");
        var librarian = await library.LibrarianAsync();

        var answer = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"{Authors}?name=AUTORA{word.ToUpperInvariant()}"),
            found => found.Items.Count > 0);

        var item = Assert.Single(Expect.Status(200, answer).Items);
        ExpectAuthorView(item, author.Path);
    }

    [Fact]
    public async Task Nobody_of_that_name_is_an_empty_list()
    {
        var answer = await (await library.LibrarianAsync()).GetAsync($"{Authors}?name=Ninguém{Any.Word}");

        Assert.Empty(Expect.Status(200, answer).Items);
    }

    [Fact]
    [Covers("GET /api/authors", 400)]
    public async Task A_search_needs_a_name()
    {
        var answer = await (await library.LibrarianAsync()).GetAsync(Authors);

        Expect.BadRequest(answer);
    }

    [Fact]
    public async Task A_reader_sees_an_authors_books()
    {
        var author = await library.NewAuthorAsync();
        var reader = (await library.ReaderAsync()).Api;
        Assert.Empty(Expect.Status(200, await reader.GetAsync($"{author.Path}/books")).Items);
        var book = await library.NewBookAsync(by: author);

        var answer =
            await Eventually.HoldsAsync(() => reader.GetAsync($"{author.Path}/books"), found => found.Items.Count > 0);

        var item = Assert.Single(answer.Items);
        BooksTests.ExpectBookView(item);
        Assert.Equal(book.Isbn, item.Text("isbn"));
    }

    [Fact]
    public async Task A_reader_sees_who_wrote_with_an_author()
    {
        var author = await library.NewAuthorAsync();
        var other = await library.NewAuthorAsync();
        var isbn = Any.Isbn13;
        Expect.Status(201, await (await library.LibrarianAsync()).PutAsync($"/api/books/{isbn}", Body.Form(
            ("title", "A Meias"), ("genre", await library.GenreAsync()),
            ("authors[]", author.Number), ("authors[]", other.Number))));
        var reader = (await library.ReaderAsync()).Api;

        var answer = await Eventually.HoldsAsync(
            () => reader.GetAsync($"{author.Path}/coauthors"),
            found => found.Json.GetProperty("coauthors").GetArrayLength() > 0);

        Expect.Members(Expect.Status(200, answer).Json, "author", "coauthors");
        ExpectAuthorView(answer.Json.GetProperty("author"), author.Path);
        var coauthor = Assert.Single(answer.Json.GetProperty("coauthors").EnumerateArray());
        Expect.Members(coauthor, "name", "_links", "books");
        Assert.Equal(other.Name, coauthor.Text("name"));
        var book = Assert.Single(coauthor.GetProperty("books").EnumerateArray());
        Expect.Members(book, "title", "isbn", "_links");
        Assert.Equal("A Meias", book.Text("title"));
        Assert.EndsWith($"/api/books/{isbn}", book.Text("_links"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_wrote_alone_has_no_coauthors()
    {
        var author = await library.NewAuthorAsync();
        await library.NewBookAsync(by: author);

        var answer = await (await library.ReaderAsync()).Api.GetAsync($"{author.Path}/coauthors");

        Assert.Empty(Expect.Status(200, answer).Json.GetProperty("coauthors").EnumerateArray());
    }

    [Fact]
    public async Task The_five_most_lent_authors_come_in_order()
    {
        await library.TodayAsync();
        var reader = (await library.ReaderAsync()).Api;

        var answer =
            await Eventually.HoldsAsync(() => reader.GetAsync($"{Authors}/top5"), found => found.Status == 200);

        var items = Expect.Status(200, answer).Items;
        Assert.InRange(items.Count, 1, 5);
        Assert.All(items, item => Expect.Members(item, "authorName", "lendingCount"));
        var counts = items.Select(item => item.GetProperty("lendingCount").GetInt64()).ToList();
        Assert.Equal(counts.OrderDescending(), counts);
    }

    [Fact]
    public async Task An_author_without_a_photo_has_an_empty_one()
    {
        var author = await library.NewAuthorAsync();

        var answer = await (await library.LibrarianAsync()).GetAsync($"{author.Path}/photo");

        Expect.Empty(200, answer);
    }

    [Fact]
    [Covers("DELETE /api/authors/{}/photo", 404)]
    public async Task A_photo_is_removed_once()
    {
        var author = await library.NewAuthorAsync(photo: Photo.Png());
        var librarian = await library.LibrarianAsync();

        Expect.Empty(200, await librarian.DeleteAsync($"{author.Path}/photo", ("If-Match", "\"99\"")));

        Expect.Error(404, await librarian.DeleteAsync($"{author.Path}/photo"));
        var photo = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"{author.Path}/photo"), answer => answer.Body.Length == 0);
        Expect.Empty(200, photo);
    }

    [Fact]
    [Covers("DELETE /api/authors/{}/photo", 403)]
    public async Task The_photo_of_an_unknown_author_may_not_be_removed()
    {
        var answer = await (await library.LibrarianAsync()).DeleteAsync($"{Authors}/999999999/photo");

        Expect.Error(403, answer);
    }

    [Fact]
    public async Task Author_numbers_follow_each_other()
    {
        var first = await library.NewAuthorAsync();
        var second = await library.NewAuthorAsync();

        Assert.True(
            long.Parse(second.Number, CultureInfo.InvariantCulture)
            > long.Parse(first.Number, CultureInfo.InvariantCulture));
    }

    internal static void ExpectAuthorView(JsonElement author, string path)
    {
        Expect.Members(author, "authorNumber", "name", "bio", "photo", "_links");
        var links = author.GetProperty("_links");
        Expect.Members(links, "author", "booksByAuthor", "photo");
        ExpectUrl(links.Text("author"), path);
        ExpectUrl(links.Text("booksByAuthor"), $"{path}/books");
        ExpectUrl(links.Text("photo"), $"{path}/photo");
    }

    internal static void ExpectUrl(string? url, string path)
    {
        Assert.True(Uri.TryCreate(url, UriKind.Absolute, out var absolute), $"Not an absolute URL: {url}");
        Assert.Equal(path, absolute.AbsolutePath);
        Assert.StartsWith("http", absolute.Scheme, StringComparison.Ordinal);
    }
}
