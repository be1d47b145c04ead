namespace Lms.Contract.Tests;

public sealed class GenresTests(LibraryFixture library)
{
    private const string Genres = "/api/genres";

    [Fact]
    public async Task A_new_genre_can_be_given_to_books()
    {
        var name = Any.GenreName;

        var answer = await (await library.LibrarianAsync()).PostAsync(Genres, new { name });

        Expect.Says(name, Expect.Status(201, answer));
        Assert.Equal("application/json", answer.ContentType);
        Assert.NotEmpty(answer.ETag);
        await library.NewBookAsync(genreName: name);
    }

    [Fact]
    public async Task The_list_of_genres_has_pages_with_a_total()
    {
        var name = await library.NewGenreAsync();
        await library.NewGenreAsync();

        var first = Expect.Status(200, await (await library.LibrarianAsync()).GetAsync($"{Genres}?page=1&limit=1"));
        var defaults = Expect.Status(200, await (await library.ReaderAsync()).Api.GetAsync(Genres));

        Assert.Single(first.Items);
        Assert.Equal(1, first.Json.GetProperty("page").GetInt32());
        Assert.Equal(1, first.Json.GetProperty("limit").GetInt32());
        Assert.True(first.Json.GetProperty("total").GetInt64() >= 2);
        Assert.Equal(1, defaults.Json.GetProperty("page").GetInt32());
        Assert.Equal(20, defaults.Json.GetProperty("limit").GetInt32());
        Assert.InRange(defaults.Items.Count, 1, 20);
        Assert.True(await IsListedAsync(name, expected: true));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(null)]
    [Covers("POST /api/genres", 400)]
    public async Task A_genre_needs_a_name(string? name) =>
        Expect.FieldProblem(await (await library.LibrarianAsync()).PostAsync(Genres, new { name }));

    [Theory]
    [InlineData(100, 201)]
    [InlineData(101, 400)]
    public async Task Names_of_genres_end_at_100_characters(int length, int status)
    {
        var name = Any.Word.PadRight(length, 'g');

        var answer = await (await library.LibrarianAsync()).PostAsync(Genres, new { name });

        Expect.Status(status, answer);
    }

    [Fact]
    [Covers("POST /api/genres", 409)]
    public async Task A_genre_exists_once_in_any_case()
    {
        var name = await library.NewGenreAsync();
        var librarian = await library.LibrarianAsync();

        Expect.Problem(409, await librarian.PostAsync(Genres, new { name }));
        Expect.Problem(409, await librarian.PostAsync(Genres, new { name = name.ToUpperInvariant() }));
    }

    [Fact]
    [Covers("PATCH /api/genres/{}", 409, 428)]
    public async Task The_spelling_of_a_genre_changes_for_who_knows_its_version()
    {
        var name = Any.GenreName;
        var spelling = name.ToUpperInvariant();
        var librarian = await library.LibrarianAsync();
        var made = Expect.Status(201, await librarian.PostAsync(Genres, new { name }));
        var path = $"{Genres}/{Uri.EscapeDataString(name)}";

        var unconditional = await librarian.SendAsync(HttpMethod.Patch, path, Body.Json(new { name = spelling }));
        var changed = await librarian.PatchAsync(path, new { name = spelling }, made.ETag);
        var stale = await librarian.PatchAsync(path, new { name }, made.ETag);

        Expect.Problem(428, unconditional);
        Expect.Says(spelling, Expect.Status(200, changed));
        Assert.NotEqual(made.ETag, changed.ETag);
        Expect.Problem(409, stale);
        Assert.True(await IsListedAsync(spelling, expected: true));
        Assert.False(await IsListedAsync(name, expected: false));
    }

    [Fact]
    public async Task An_unused_genre_is_retired()
    {
        var name = Any.GenreName;
        var librarian = await library.LibrarianAsync();
        var made = Expect.Status(201, await librarian.PostAsync(Genres, new { name }));
        var author = await library.AuthorAsync();

        var retired = await librarian.DeleteAsync($"{Genres}/{Uri.EscapeDataString(name)}", ("If-Match", made.ETag));

        Expect.Empty(204, retired);
        Assert.False(await IsListedAsync(name, expected: false));
        Expect.Empty(400, await librarian.PutAsync($"/api/books/{Any.Isbn13}", Body.Form(
            ("title", Any.Title), ("genre", name), ("authors[]", author.Number))));
    }

    [Fact]
    [Covers("DELETE /api/genres/{}", 409)]
    public async Task A_genre_stays_while_books_use_it()
    {
        var name = Any.GenreName;
        var librarian = await library.LibrarianAsync();
        var made = Expect.Status(201, await librarian.PostAsync(Genres, new { name }));
        await library.NewBookAsync(genreName: name);
        await Eventually.HoldsAsync(
            () => librarian.GetAsync($"/api/books?genre={Uri.EscapeDataString(name)}"),
            found => found.Status == 200);

        var answer = await librarian.DeleteAsync($"{Genres}/{Uri.EscapeDataString(name)}", ("If-Match", made.ETag));

        Expect.Problem(409, answer);
        Assert.True(await IsListedAsync(name, expected: true));
    }

    [Fact]
    [Covers("PATCH /api/genres/{}", 404)]
    [Covers("DELETE /api/genres/{}", 404)]
    public async Task An_unknown_genre_is_not_found()
    {
        var name = Any.GenreName;
        var path = $"{Genres}/{Uri.EscapeDataString(name)}";
        var librarian = await library.LibrarianAsync();

        Expect.Problem(404, await librarian.PatchAsync(path, new { name = name.ToUpperInvariant() }, "\"0\""));
        Expect.Problem(404, await librarian.DeleteAsync(path, ("If-Match", "\"0\"")));
    }

    private async Task<bool> IsListedAsync(string name, bool expected)
    {
        var librarian = await library.LibrarianAsync();
        var listed = false;
        await Eventually.HoldsAsync(
            async () =>
            {
                listed = false;
                for (var page = 1; ; page++)
                {
                    var answer = Expect.Status(200, await librarian.GetAsync($"{Genres}?page={page}&limit=100"));
                    listed |= answer.Items.Any(item => item.AllTexts().Contains(name, StringComparer.Ordinal));
                    if (answer.Items.Count < 100 || listed)
                    {
                        return answer;
                    }
                }
            },
            _ => listed == expected);
        return listed;
    }
}
