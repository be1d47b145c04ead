namespace Lms.Contract.Tests;

/// <summary>Whatever comes over the wire, the library answers: no 500, no stack trace.</summary>
public sealed class BadInputTests(LibraryFixture library)
{
    [Theory]
    [InlineData("POST", "/api/authors", "name", Role.Librarian)]
    [InlineData("POST", "/api/authors", "bio", Role.Librarian)]
    [InlineData("POST", "/api/readers", "fullName", Role.None)]
    [InlineData("POST", "/api/readers", "password", Role.None)]
    [InlineData("PUT", "/api/books/9789720706386", "title", Role.Librarian)]
    [InlineData("POST", "/api/public/login", "username", Role.None)]
    [InlineData("POST", "/api/public/login", "password", Role.None)]
    [InlineData("POST", "/api/books/search", "query", Role.Librarian)]
    [InlineData("POST", "/api/genres", "name", Role.Librarian)]
    [InlineData("POST", "/api/books/complete", "title", Role.Librarian)]
    public async Task A_megabyte_of_text_is_refused_or_answered(string method, string path, string field, Role role)
    {
        var caller = await library.CallerAsync(role);
        var content =
            Body.Json(new Dictionary<string, string>(StringComparer.Ordinal) { [field] = new('x', 1_000_000) });

        var answer = await caller.SendAsync(HttpMethod.Parse(method), path, content);

        Expect.Sane(answer);
        Assert.InRange(answer.Status, 400, 499);
    }

    [Theory]
    [InlineData("/api/authors")]
    [InlineData("/api/readers")]
    [InlineData("/api/public/login")]
    public async Task A_body_beyond_all_measure_is_refused_unread(string path)
    {
        var caller = await library.LibrarianAsync();
        var content = new ByteArrayContent(new byte[64 * 1024 * 1024]);
        content.Headers.TryAddWithoutValidation(
            "Content-Type", path == "/api/public/login" ? "application/json" : "application/x-www-form-urlencoded");

        var answer = await caller.SendAsync(HttpMethod.Post, path, content, ("Expect", "100-continue"));

        Expect.Sane(answer);
        Assert.InRange(answer.Status, 400, 499);
    }

    [Fact]
    public async Task A_wrong_method_or_media_type_is_a_refusal()
    {
        var librarian = await library.LibrarianAsync();

        Expect.Status([404, 405], await librarian.DeleteAsync("/api/lendings"));
        Expect.Status([400, 415], await librarian.PostAsync("/api/lendings", Body.Raw("isbn=1", "text/plain")));
        Expect.Status(
            [400, 415], await library.Anyone.PostAsync("/api/public/login", Body.Raw("<a/>", "application/xml")));
    }

    [Theory]
    [InlineData("?page=0")]
    [InlineData("?page=-1")]
    [InlineData("?page=abc")]
    [InlineData("?limit=0")]
    [InlineData("?limit=101")]
    [InlineData("?limit=abc")]
    public async Task A_page_of_a_new_list_is_within_range(string query)
    {
        var answer = await (await library.LibrarianAsync()).GetAsync($"/api/genres{query}");

        Expect.Problem(400, answer);
    }

    [Theory]
    [InlineData("/api/lendings/abc/1")]
    [InlineData("/api/lendings/2025/abc")]
    [InlineData("/api/lendings/-2025/1")]
    [InlineData("/api/lendings/2025/-1")]
    [InlineData("/api/readers/abc/1")]
    [InlineData("/api/readers/2025/abc")]
    [InlineData("/api/readers/2025/-1")]
    [InlineData("/api/authors/abc")]
    [InlineData("/api/authors/-1")]
    [InlineData("/api/lendings/99999999999/1")]
    public async Task A_number_that_is_no_number_finds_nothing(string path)
    {
        var answer = await (await library.LibrarianAsync()).GetAsync(path);

        Expect.Status([400, 404], answer);
        Expect.NoInternals(answer);
    }
}
