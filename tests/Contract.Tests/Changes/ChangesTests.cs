namespace Lms.Contract.Tests;

public sealed class ChangesTests(LibraryFixture library)
{
    private const string Changes = "/api/changes";

    [Fact]
    [Covers("GET /api/changes", 400)]
    public async Task Changes_of_an_unknown_kind_are_refused()
    {
        var answer = await (await library.LibrarianAsync()).GetAsync($"{Changes}?entity=loan");

        Assert.Equal("entity-unknown", Expect.Status(400, answer).Json.Text("code"));
    }

    [Fact]
    public async Task The_head_of_the_changes_tells_that_they_are_events()
    {
        var answer = Expect.Empty(200, await (await library.LibrarianAsync()).HeadAsync(Changes));

        Assert.Equal("text/event-stream", answer.ContentType);
    }
}
