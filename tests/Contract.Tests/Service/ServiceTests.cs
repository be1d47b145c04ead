using System.Text.Json;

namespace Lms.Contract.Tests;

public sealed class ServiceTests(LibraryFixture library)
{
    public static TheoryData<string> NewGets =>
        [.. Catalogue.NewOperations.Where(operation => operation.Method == HttpMethod.Get && !operation.IsEndless && operation.Statuses.Contains(200))
            .Select(operation => operation.Name)];

    [Theory]
    [MemberData(nameof(NewGets))]
    public async Task HEAD_stands_beside_every_new_GET(string operation)
    {
        var book = await library.BookAsync();
        var copy = await library.NewCopyAsync((await library.NewBookAsync()).Isbn);
        var reader = await library.ReaderAsync();
        var path = operation switch
        {
            "GET /api/books/{}/copies" => $"{book.Path}/copies",
            "GET /api/copies/{}" => $"/api/copies/{copy}",
            "GET /api/readers/{}/{}/lendings/monthly" => $"{reader.Path}/lendings/monthly",
            "GET /api/imports/{}" or "GET /api/imports/{}/failures" => Catalogue.Find(operation).Path(
                (await library.ImportAsync(Catalogues.Csv(Catalogues.Row(Any.Isbn13, Any.Title)))).Text("id")!),
            _ => Catalogue.Find(operation).Template,
        };
        var caller = await library.CallerAsync(Catalogue.Find(operation).SomeRole);

        var got = Expect.Status(200, await caller.GetAsync(path));
        var head = Expect.Empty(200, await caller.HeadAsync(path));

        Assert.Equal(got.ContentType, head.ContentType);
    }

    [Fact]
    public async Task The_interface_is_documented_in_public()
    {
        var answer = Expect.Status(200, await library.Anyone.GetAsync("/api-docs"));

        Assert.StartsWith("3.1", answer.Json.Text("openapi"), StringComparison.Ordinal);
        var schemes = answer.Json.GetProperty("components").GetProperty("securitySchemes").EnumerateObject();
        Assert.Contains(schemes, scheme =>
            scheme.Value.Text("type") == "http"
            && string.Equals(scheme.Value.Text("scheme"), "bearer", StringComparison.OrdinalIgnoreCase)
            && scheme.Value.Text("bearerFormat") == "JWT");
    }

    [Fact]
    public async Task The_documentation_can_be_browsed_in_public()
    {
        var answer = await library.Anyone.GetAsync("/swagger-ui");
        for (var hop = 0; hop < 3 && answer.Status is 301 or 302 or 307 or 308; hop++)
        {
            answer = await library.Anyone.GetAsync(answer.Location);
        }

        Assert.Equal("text/html", Expect.Status(200, answer).ContentType);
    }

    [Fact]
    public async Task The_status_can_be_read_by_programs()
    {
        var answer = await library.Anyone.GetAsync("/status.json");

        Assert.Equal(JsonValueKind.Object, Expect.Status(200, answer).Json.ValueKind);
    }

    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData("null")]
    public async Task Pages_of_other_origins_may_not_call(string origin)
    {
        var plain = await library.Anyone.GetAsync("/status.json", ("Origin", origin));
        var preflight = await library.Anyone.SendAsync(
            HttpMethod.Options, "/api/public/login", null,
            ("Origin", origin), ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "authorization"));

        Assert.Null(plain.Header("Access-Control-Allow-Origin"));
        Assert.Null(preflight.Header("Access-Control-Allow-Origin"));
        Expect.Sane(preflight);
    }

    [Fact]
    public async Task Nothing_lives_at_an_unknown_address()
    {
        var answer = await (await library.AdminAsync()).GetAsync($"/api/{Any.Word}");

        Expect.Status(404, answer);
        Expect.NoInternals(answer);
    }

    [Fact]
    public async Task Links_and_locations_begin_with_the_host_that_was_asked()
    {
        if (LibraryFixture.IsForeign)
        {
            library.SkipBecause("What stands before a foreign library may not pass other hosts on.");
        }

        var answer = Expect.Status(201, await (await library.LibrarianAsync()).PostAsync(
            "/api/authors", Body.Form(("name", Any.PersonName), ("bio", Any.Bio)), ("Host", "library.example:8080")));

        var link = answer.Json.GetProperty("_links").Text("author");
        Assert.StartsWith("http://library.example:8080/api/authors/", link, StringComparison.Ordinal);
    }
}
