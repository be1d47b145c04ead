namespace Lms.Contract.Tests;

/// <summary>The breakers of a gateway, as administrators see them. None is isolated here: all tests share the services.</summary>
public sealed class BreakersTests(LibraryFixture library)
{
    private const string Breakers = "/api/admin/breakers";

    [Fact]
    public async Task Reads_and_writes_of_every_service_have_one()
    {
        var listed = Expect.Status(200, await (await library.AdminAsync()).GetAsync(Breakers)).Items;

        Assert.Equal(
            ["authors", "books", "copies", "genres", "lendings", "readers", "shared", "users"],
            listed.Where(breaker => breaker.Text("kind") == "read").Select(breaker => breaker.Text("service")));
        Assert.All(listed, breaker => Expect.Members(breaker, "service", "kind", "state"));
    }

    [Theory]
    [InlineData("nothing/read")]
    [InlineData("books/delete")]
    [Covers("PUT /api/admin/breakers/{}/{}", 404)]
    public async Task One_that_does_not_exist_cannot_be_set(string breaker) => Expect.Problem(
        404, await (await library.AdminAsync()).PutAsync($"{Breakers}/{breaker}", new { state = "closed" }), "breaker-unknown");

    [Fact]
    [Covers("PUT /api/admin/breakers/{}/{}", 400)]
    public async Task A_breaker_is_isolated_or_closed() => Expect.Problem(
        400, await (await library.AdminAsync()).PutAsync($"{Breakers}/books/read", new { state = "open" }), "state-invalid");
}
