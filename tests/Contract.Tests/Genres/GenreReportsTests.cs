using System.Text.Json;

namespace Lms.Contract.Tests;

public sealed class GenreReportsTests(LibraryFixture library)
{
    private const string Genres = "/api/genres";

    [Fact]
    public async Task The_five_genres_with_most_books_come_in_order()
    {
        await library.BookAsync();
        var librarian = await library.LibrarianAsync();

        var answer =
            await Eventually.HoldsAsync(() => librarian.GetAsync($"{Genres}/top5"), found => found.Status == 200);

        var items = Expect.Status(200, answer).Items;
        Assert.InRange(items.Count, 1, 5);
        Assert.All(items, item => Expect.Members(item, "genreView", "bookCount"));
        Assert.All(items, item => Expect.Members(item.GetProperty("genreView"), "genre"));
        var counts = items.Select(item => item.GetProperty("bookCount").GetInt64()).ToList();
        Assert.Equal(counts.OrderDescending(), counts);
    }

    [Fact]
    public async Task The_average_of_a_genre_is_its_lendings_by_the_days_of_the_month()
    {
        var genre = await LentGenreAsync(lendings: 3);
        var day = await library.TodayAsync();
        var expected = Math.Round(3m / DateTime.DaysInMonth(day.Year, day.Month), 1);

        var item = await FindAverageAsync(genre, day);

        Expect.Members(item, "genre", "value");
        Expect.OneDecimal(item.GetProperty("value"));
        Assert.Equal(expected, item.GetProperty("value").GetDecimal());
    }

    [Theory]
    [InlineData("""{"query":{"year":2025,"month":0}}""")]
    [InlineData("""{"query":{"year":2025,"month":13}}""")]
    [InlineData("""{"query":{"year":"two","month":1}}""")]
    [InlineData("""{"page":{"number":0,"limit":10},"query":{"year":2025,"month":1}}""")]
    [InlineData("""{"page":{"number":1,"limit":0},"query":{"year":2025,"month":1}}""")]
    [InlineData("""{"page":{"number":1,"limit":101},"query":{"year":2025,"month":1}}""")]
    [InlineData("""{"query":""")]
    [Covers("POST /api/genres/avgLendingsPerGenre", 400)]
    public async Task An_average_needs_a_month_and_a_page_within_range(string body)
    {
        var answer = await (await library.LibrarianAsync()).PostAsync(
            $"{Genres}/avgLendingsPerGenre", Body.Raw(body, "application/json"));

        Expect.BadRequest(answer);
    }

    [Fact]
    public async Task The_last_twelve_months_count_lendings_by_genre()
    {
        var genre = await LentGenreAsync(lendings: 2);
        var day = await library.TodayAsync();
        var librarian = await library.LibrarianAsync();

        var answer = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"{Genres}/lendingsPerMonthLastTwelveMonths"),
            found => found.Status == 200 && Month(found, day, "lendingsCount").Any(item =>
                item.Text("genre") == genre && item.GetProperty("value").GetDecimal() == 2));

        Assert.All(Expect.Status(200, answer).Items, item => Expect.Members(item, "year", "month", "lendingsCount"));
        var counted = Assert.Single(Month(answer, day, "lendingsCount"), item => item.Text("genre") == genre);
        Expect.Members(counted, "genre", "value");
        Assert.Equal(2m, counted.GetProperty("value").GetDecimal());
    }

    [Fact]
    public async Task The_average_durations_stand_under_the_month_in_which_lendings_started()
    {
        var genre = await LentGenreAsync(lendings: 1);
        var day = await library.TodayAsync();
        var librarian = await library.LibrarianAsync();
        var path = $"{Genres}/lendingsAverageDurationPerMonth?{Body.Days(day.AddDays(-30), day.AddDays(1))}";

        var answer = await Eventually.HoldsAsync(
            () => librarian.GetAsync(path),
            found => found.Status == 200
                && Month(found, day, "durationAverages").Any(item => item.Text("genre") == genre));

        Assert.All(Expect.Status(200, answer).Items, item => Expect.Members(item, "year", "month", "durationAverages"));
        var average = Assert.Single(Month(answer, day, "durationAverages"), item => item.Text("genre") == genre);
        Expect.Members(average, "genre", "value");
        Assert.Equal(0m, average.GetProperty("value").GetDecimal());
    }

    [Theory]
    [InlineData("?startDate=2025-02-01&endDate=2025-01-31")]
    [InlineData("?startDate=01-02-2025&endDate=2025-03-31")]
    [InlineData("?startDate=2025-02-01&endDate=later")]
    [InlineData("?startDate=2025-02-30&endDate=2025-03-31")]
    [Covers("GET /api/genres/lendingsAverageDurationPerMonth", 400)]
    public async Task The_dates_of_a_report_are_ISO_dates_in_order(string query)
    {
        var answer =
            await (await library.LibrarianAsync()).GetAsync($"{Genres}/lendingsAverageDurationPerMonth{query}");

        Expect.BadRequest(answer);
    }

    [Fact]
    [Covers("GET /api/genres/lendingsAverageDurationPerMonth", 404)]
    public async Task A_time_without_returned_lendings_is_not_found()
    {
        var answer = await (await library.LibrarianAsync()).GetAsync(
            $"{Genres}/lendingsAverageDurationPerMonth?startDate=1980-01-01&endDate=1980-12-31");

        Expect.Error(404, answer);
    }

    private static List<JsonElement> Month(Answer answer, DateOnly day, string list) =>
    [
        .. answer.Items.Where(item =>
                item.GetProperty("year").GetInt32() == day.Year && item.GetProperty("month").GetInt32() == day.Month)
            .SelectMany(item => item.GetProperty(list).EnumerateArray()),
    ];

    /// <summary>A genre whose one book was lent and returned today as many times.</summary>
    private async Task<string> LentGenreAsync(int lendings)
    {
        var genre = await library.NewGenreAsync();
        var book = await library.NewBookAsync(genreName: genre);
        var reader = await library.NewReaderAsync();
        for (var time = 0; time < lendings; time++)
        {
            await library.LendAndReturnAsync(reader, book.Isbn);
        }

        return genre;
    }

    private async Task<JsonElement> FindAverageAsync(string genre, DateOnly day)
    {
        var librarian = await library.LibrarianAsync();
        var found = new List<JsonElement>();
        await Eventually.HoldsAsync(
            async () =>
            {
                for (var number = 1; ; number++)
                {
                    var answer = Expect.Status(200, await librarian.PostAsync($"{Genres}/avgLendingsPerGenre", new
                    {
                        page = new { number, limit = 100 },
                        query = new { year = day.Year, month = day.Month },
                    }));
                    found.AddRange(answer.Items.Where(item =>
                        item.Text("genre") == genre && item.GetProperty("value").GetDecimal() > 0));
                    if (answer.Items.Count < 100 || found.Count > 0)
                    {
                        return answer;
                    }
                }
            },
            _ => found.Count > 0);
        return Assert.Single(found);
    }
}
