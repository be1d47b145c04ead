namespace Lms.Contract.Tests;

/// <summary>What a library says before anything has happened in it. The tests here lend nothing.</summary>
public sealed class EmptyLibraryTests(EmptyLibraryFixture library) : IClassFixture<EmptyLibraryFixture>
{
    [Theory]
    [InlineData("/api/authors/top5")]
    [InlineData("/api/books")]
    [InlineData("/api/books?title=a")]
    [InlineData("/api/readers?name=a")]
    [InlineData("/api/genres/top5")]
    [InlineData("/api/genres/lendingsPerMonthLastTwelveMonths")]
    [InlineData("/api/genres/lendingsAverageDurationPerMonth?startDate=2025-01-01&endDate=2025-12-31")]
    [InlineData("/api/lendings/overdue?number=1&limit=10")]
    [InlineData("/api/readers/top5ByGenre?genre=a&startDate=2025-01-01&endDate=2025-12-31")]
    [Covers("GET /api/authors/top5", 404)]
    [Covers("GET /api/genres/top5", 404)]
    [Covers("GET /api/genres/lendingsPerMonthLastTwelveMonths", 404)]
    public async Task Some_questions_find_nothing(string path)
    {
        var librarian = await library.EmptyShelvesAsync();

        var answer = await librarian.GetAsync(path);

        Expect.Error(404, answer);
    }

    [Theory]
    [InlineData("/api/authors?name=a")]
    [InlineData("/api/books/top5")]
    [InlineData("/api/readers/top5")]
    [InlineData("/api/genres")]
    public async Task Other_questions_get_an_empty_list(string path)
    {
        var librarian = await library.EmptyShelvesAsync();

        var answer = await librarian.GetAsync(path);

        Assert.Empty(Expect.Status(200, answer).Items);
    }

    [Theory]
    [InlineData("/api/books/search")]
    [InlineData("/api/lendings/search")]
    public async Task Some_searches_get_an_empty_list(string path)
    {
        var librarian = await library.EmptyShelvesAsync();

        var answer = await librarian.PostAsync(path, new { });

        Assert.Empty(Expect.Status(200, answer).Items);
    }

    [Fact]
    [Covers("GET /api/lendings/avgDuration", 400)]
    public async Task Without_returned_lendings_there_is_no_average_duration()
    {
        var librarian = await library.EmptyShelvesAsync();

        var answer = await librarian.GetAsync("/api/lendings/avgDuration");

        Expect.BadRequest(answer);
    }

    [Fact]
    public async Task Without_the_demo_no_word_is_forbidden()
    {
        await library.EmptyShelvesAsync();

        var words = await (await library.AdminAsync()).GetAsync(ForbiddenWords.Path);

        Assert.Empty(ForbiddenWords.Read(Expect.Status(200, words)));
    }
}
