namespace Lms.Contract.Tests;

/// <summary>The list of returns that a person has to look at. What fills it needs a library in trouble, which this suite does not make.</summary>
public sealed class ReturnReviewTests(LibraryFixture library)
{
    private const string Reviews = "/api/returns/review";

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?page=0")]
    [Covers("GET /api/returns/review", 400)]
    public async Task It_has_pages(string query) =>
        Expect.Problem(400, await (await library.LibrarianAsync()).GetAsync(Reviews + query), "page-invalid");

    [Fact]
    [Covers("POST /api/returns/review/{}", 400)]
    public async Task One_is_dismissed_or_applied() => Expect.Problem(
        400,
        await (await library.LibrarianAsync()).PostAsync($"{Reviews}/0a0a0a0a-{Guid.NewGuid():N}", new { decision = "forget" }));
}
