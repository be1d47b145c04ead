namespace Lms.Contract.Tests;

public sealed class MonthlyLendingsTests(LibraryFixture library)
{
    private static readonly HashSet<string> Expected = ["year", "month", "count"];

    [Fact]
    public async Task Lendings_are_counted_by_month_for_the_reader_and_for_librarians()
    {
        var reader = await library.NewReaderAsync();
        await library.LendAndReturnAsync(reader);
        await library.LendAsync(reader);
        var day = await library.TodayAsync();
        string[] queries = ["", $"?from={day:yyyy-MM}&to={day:yyyy-MM}"];

        foreach (var caller in new[] { reader.Api, await library.LibrarianAsync() })
        {
            foreach (var query in queries)
            {
                var answer = await Eventually.HoldsAsync(
                    () => caller.GetAsync($"{reader.Path}/lendings/monthly{query}"), found => Count(found, day) == 2);

                Assert.Equal(2, Count(Expect.Status(200, answer), day));
                Assert.All(answer.Items, item => Assert.Superset(Expected, item.Names().ToHashSet()));
                Assert.InRange(answer.Items.Count, 1, query.Length == 0 ? 13 : 1);
            }
        }
    }

    [Fact]
    [Covers("GET /api/readers/{}/{}/lendings/monthly", 403)]
    public async Task The_months_of_others_are_private()
    {
        var reader = await library.NewReaderAsync();
        var other = await library.ReaderAsync();

        var answer = await reader.Api.GetAsync($"{other.Path}/lendings/monthly");

        Expect.Problem(403, answer);
    }

    [Theory]
    [InlineData("?from=2025-13&to=2026-01")]
    [InlineData("?from=2025&to=2026-01")]
    [InlineData("?from=spring&to=2026-01")]
    [InlineData("?from=2025-02&to=2025-01")]
    [Covers("GET /api/readers/{}/{}/lendings/monthly", 400)]
    public async Task Months_are_written_as_year_and_month_in_order(string query)
    {
        var reader = await library.ReaderAsync();

        var answer = await reader.Api.GetAsync($"{reader.Path}/lendings/monthly{query}");

        Expect.Problem(400, answer);
    }

    private static int Count(Answer answer, DateOnly day) => answer.Status != 200
        ? 0
        : answer.Items.Where(item =>
                item.GetProperty("year").GetInt32() == day.Year && item.GetProperty("month").GetInt32() == day.Month)
            .Sum(item => item.GetProperty("count").GetInt32());
}
