namespace Lms.Contract.Tests;

/// <summary>Whatever comes over the wire, the library answers: no 500, no stack trace.</summary>
public sealed class BadInputTests(LibraryFixture library)
{
    private static readonly string[] StrangeNames =
    [
        "-1", "0", "abc", "99999999999999999999999", "1.5", "%00", "%0A", "%F0%9F%A6%89", "%2e%2e%2f", "%25", "a%20b",
        "'%20OR%201=1", "%3Cscript%3E", new('9', 3_000),
    ];

    private static readonly string[] StrangeQueries =
    [
        "?page=0&limit=0", "?page=-1&limit=-1", "?page=abc&limit=1000", "?page=99999999999999&limit=1",
        "?number=abc&limit=",
        "?name=%00", "?name=%FF%FE", "?title=%27%3B--", "?phoneNumber=%00", "?isbn=&returned=perhaps", "?isbn=%00",
        "?startDate=2025-99-99&endDate=x", "?genre=%00&startDate=0000-00-00&endDate=9999-99-99", "?from=x&to=%00",
        "?name=a&name=b", "?=&&=", "?name=" + new string('n', 5_000),
    ];

    private static readonly (string Text, string MediaType)[] StrangeBodies =
    [
        ("", "application/json"), ("{", "application/json"), ("null", "application/json"), ("[]", "application/json"),
        ("17", "application/json"), ("\"text\"", "application/json"), ("{\"a\":", "application/json"),
        ("{\"page\":\"x\",\"query\":[]}", "application/json"),
        ("{\"page\":{\"number\":-1,\"limit\":0},\"query\":{}}", "application/json"),
        ("{\"page\":{\"number\":1e99,\"limit\":\"ten\"},\"query\":{\"year\":{},\"month\":[]}}", "application/json"),
        ("{\"query\":{\"title\":1,\"name\":true,\"startDate\":5,\"readerNumber\":{},\"returned\":\"maybe\"}}",
            "application/json"),
        ("{\"username\":1,\"password\":[],\"name\":{},\"role\":7,\"fullName\":[],\"bio\":{}}", "application/json"),
        ("{\"username\":\"a\\u0000@example.org\",\"password\":\"\\u0000\",\"name\":\"\\u0007\",\"role\":\"\\uD800\"}",
            "application/json"),
        ("{\"isbn\":17,\"readerNumber\":17,\"barcode\":{},\"lendingNumber\":[],\"authors\":\"x\",\"grade\":\"x\"}",
            "application/json"),
        ("{\"isbn\":\"\\u0000\\u0000345678\\u0000\\u0000\",\"readerNumber\":\"\\u0000/\\u0000\\u0000\\u0000\\u0000\"}",
        "application/json"),
        (new string('[', 5_000), "application/json"),
        ("{\"title\":\"" + new string('t', 200_000) + "\"}", "application/json"),
        ("name=%00&bio=%FF&title=%00&authors[]=x&authors[]=-1&birthDate=%00&gdpr=perhaps",
            "application/x-www-form-urlencoded"),
        ("%%%=&&&", "application/x-www-form-urlencoded"), ("--x--", "multipart/form-data; boundary=x"),
        ("not a part", "multipart/form-data; boundary=x"), ("x", "multipart/form-data"), ("<a/>", "application/xml"),
        ("text", "text/plain"), ("\u0000\u0001", "application/octet-stream"),
    ];

    public static TheoryData<string> EveryOperation => [.. Catalogue.All.Select(operation => operation.Name)];

    [Theory]
    [MemberData(nameof(EveryOperation))]
    public async Task No_name_in_a_path_breaks_the_library(string name)
    {
        var operation = Catalogue.Find(name);
        var caller = await library.CallerAsync(operation.SomeRole);
        if (!operation.Template.Contains("{}", StringComparison.Ordinal))
        {
            return;
        }

        foreach (var strange in StrangeNames)
        {
            var content = operation.Method == HttpMethod.Get ? null : Body.Json(new { });
            var answer =
                await caller.SendAsync(operation.Method, operation.Path(strange), content, ("If-Match", "\"0\""));

            Expect.Sane(answer);
        }
    }

    [Theory]
    [MemberData(nameof(EveryOperation))]
    public async Task No_query_breaks_the_library(string name)
    {
        var operation = Catalogue.Find(name);
        if (operation.Method != HttpMethod.Get || operation.IsEndless)
        {
            return;
        }

        var caller = await library.CallerAsync(operation.SomeRole);
        foreach (var query in StrangeQueries)
        {
            Expect.Sane(await caller.GetAsync(operation.Path("1") + query));
        }
    }

    [Theory]
    [MemberData(nameof(EveryOperation))]
    public async Task No_body_breaks_the_library(string name)
    {
        var operation = Catalogue.Find(name);
        if (operation.Method == HttpMethod.Delete
            || (operation.Method == HttpMethod.Get && !name.EndsWith("/overdue", StringComparison.Ordinal)))
        {
            return;
        }

        var (caller, path) = await VictimAsync(operation);
        var isWords = operation.Template == ForbiddenWords.Path;
        foreach (var (text, mediaType) in StrangeBodies)
        {
            Expect.Sane(isWords ? await ForbiddenWords.BorrowAsync(library, _ => SendAsync()) : await SendAsync());

            async Task<Answer> SendAsync()
            {
                using var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(text));
                content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
                return await caller.SendAsync(operation.Method, path, content, ("If-Match", "\"0\""));
            }
        }
    }

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

    /// <summary>Something fresh to misuse, and who may misuse it.</summary>
    private async Task<(Api Caller, string Path)> VictimAsync(Operation operation)
    {
        var reader = await library.NewReaderAsync();
        var caller = operation.SomeRole == Role.Reader ? reader.Api : await library.CallerAsync(operation.SomeRole);
        string[] names = operation.Template.Split('/')[2] switch
        {
            "admin" => [(await library.NewUserAsync("READER")).Id],
            "authors" => [(await library.NewAuthorAsync()).Number],
            "books" => [operation.Method == HttpMethod.Put ? Any.Isbn13 : (await library.NewBookAsync()).Isbn],
            "readers" => reader.Number.Split('/'),
            "lendings" => (await library.LendAsync(reader)).Number.Split('/'),
            "genres" => [Uri.EscapeDataString(await library.NewGenreAsync())],
            "copies" => [await library.NewCopyAsync((await library.NewBookAsync()).Isbn)],
            _ => ["1"],
        };
        return (caller, operation.Path(names));
    }
}
