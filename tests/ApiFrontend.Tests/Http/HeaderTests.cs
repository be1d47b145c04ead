using Lms.ApiFrontend.Tests.Library;

namespace Lms.ApiFrontend.Tests.Http;

public sealed class HeaderTests(LibraryFixture fixture) : GatewayTest
{
    private TestLibrary Library => fixture.Library;

    [Theory]
    [InlineData("\"0\"", 304)]
    [InlineData("W/\"0\"", 304)]
    [InlineData("\"5\", W/\"0\"", 304)]
    [InlineData("*", 304)]
    [InlineData("\"1\"", 200)]
    [InlineData("\"00\"", 200)]
    [InlineData("0", 200)]
    [InlineData("nonsense", 200)]
    public async Task A_client_that_has_a_version_is_not_sent_it_again(string ifNoneMatch, int status)
    {
        var (isbn, _) = await Library.AddBookAsync();

        var answer = Expect.Status(
            status, await Library.Librarian.GetAsync($"/api/books/{isbn}", ("If-None-Match", ifNoneMatch)));

        Assert.Equal("\"0\"", answer.ETag);
        Assert.Equal(status == 304, answer.Body.Length == 0);
    }

    [Fact]
    public async Task A_condition_on_what_does_not_exist_is_no_answer() => Expect.NotFound(
        await Library.Librarian.GetAsync($"/api/books/{Any.Isbn}", ("If-None-Match", "*")));

    [Theory]
    [InlineData("\"0\"", 200)]
    [InlineData("0", 200)]
    [InlineData("\"1\"", 409)]
    [InlineData("", 400)]
    [InlineData("null", 400)]
    [InlineData("*", 400)]
    [InlineData("-1", 400)]
    [InlineData("\"0", 400)]
    [InlineData("W/\"0\"", 400)]
    [InlineData("\"0\", \"1\"", 400)]
    [InlineData("99999999999", 400)]
    public async Task A_change_names_the_version_it_was_made_for(string ifMatch, int status)
    {
        var number = await Library.AddAuthorAsync();

        Expect.Status(status, await Library.Librarian.PatchAsync($"/api/authors/{number}", new { bio = "Poetisa." }, ifMatch));
    }

    [Fact]
    public async Task Links_name_the_address_that_a_proxy_was_called_by()
    {
        var (isbn, _) = await Library.AddBookAsync();

        var answer = await Library.Librarian.GetAsync(
            $"/api/books/{isbn}",
            ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "library.example.org"), ("X-Forwarded-Prefix", "/lms"));

        Assert.Equal(
            $"https://library.example.org/lms/api/books/{isbn}",
            Expect.Status(200, answer).Json.GetProperty("_links").Text("self"));
    }

    [Fact]
    public async Task Created_things_are_where_Location_says()
    {
        var answer = Expect.Status(201, await Library.Librarian.PostAsync(
            "/api/authors", new { name = "Ana", bio = "Poeta." }));

        Assert.StartsWith(Library.Addresses[0].ToString(), answer.Location, StringComparison.Ordinal);
        Expect.Status(200, await Library.Librarian.GetAsync(answer.Location));
    }

    [Theory]
    [InlineData("https://desk.example.org", true)]
    [InlineData("https://evil.example.org", false)]
    public async Task Browsers_are_let_in_from_the_origins_of_the_configuration_only(string origin, bool isLetIn)
    {
        var gateway = await Library.StartGatewayAsync(settings: [("Lms:Cors:Origins:0", "https://desk.example.org")]);

        var answer = await gateway.Anyone.GetAsync("/status.json", ("Origin", origin));
        var preflight = await gateway.Anyone.SendAsync(
            HttpMethod.Options, "/api/lendings", content: null, ("Origin", origin), ("Access-Control-Request-Method", "POST"));

        Assert.Equal(isLetIn ? origin : null, answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal(isLetIn ? origin : null, preflight.Header("Access-Control-Allow-Origin"));
        Assert.Null(answer.Header("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Without_configuration_no_origin_is_let_in()
    {
        var answer = await Library.Anyone.GetAsync("/status.json", ("Origin", "https://desk.example.org"));

        Assert.Null(answer.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_book_has_as_many_authors_as_the_form_has_parts()
    {
        var genre = await Library.AddGenreAsync();
        var (first, second) = (await Library.AddAuthorAsync(), await Library.AddAuthorAsync());
        (string, string)[] fields =
            [("title", "Novas Cartas"), ("genre", genre), ("authors[]", first), ("authors[]", second), ("authors", "999999")];

        Answer[] answers =
        [
            await Library.Librarian.PutAsync($"/api/books/{Any.Isbn}", Body.Form(fields)),
            await Library.Librarian.PutAsync($"/api/books/{Any.Isbn}", Body.Encoded(fields)),
        ];

        Assert.All(answers, answer => Assert.Equal(2, Expect.Status(201, answer).Json.GetProperty("authors").GetArrayLength()));
    }
}
