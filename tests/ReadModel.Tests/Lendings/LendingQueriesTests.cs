using Lms.ReadModel.Lendings;

namespace Lms.ReadModel.Tests.Lendings;

public sealed class LendingQueriesTests : ReadModelTest
{
    private LendingQueries Lendings => new(Database);

    [Fact]
    public async Task A_lending_is_shown_as_stored_with_the_title_of_today()
    {
        await StoreAsync(
            Any.Book("1", "Título novo"),
            Any.Lending("2026/1", "1", "2026/7", "2026-01-01", days: 20) with
            {
                FineInCents = 1000,
                Barcode = "b",
                Version = 1,
            });

        var lending = Assert.Single(await Lendings.SearchAsync(null, null, null, null, null, 0, 10, Token));

        Assert.Equal(
            new LendingSummary(
                "2026/1", "1", "Título novo", "2026/7", new(2026, 1, 1), new(2026, 1, 16), new(2026, 1, 21),
                200, 1000, "b", 1),
            lending);
    }

    [Fact]
    public async Task A_lending_whose_book_is_not_there_shows_the_title_when_lent()
    {
        await StoreAsync(Any.Lending("2026/1", "1") with { BookTitle = "Título antigo" });

        var lending = Assert.Single(await Lendings.SearchAsync(null, null, null, null, null, 0, 10, Token));

        Assert.Equal("Título antigo", lending.Title);
    }

    [Fact]
    public async Task Overdue_is_what_was_due_before_today_oldest_first()
    {
        await StoreAsync(
            Any.Lending("2026/1") with { DueOn = Any.Day("2026-02-28") },
            Any.Lending("2026/10") with { DueOn = Any.Day("2026-02-27") },
            Any.Lending("2026/9") with { DueOn = Any.Day("2026-02-27") },
            Any.Lending("2026/2") with { DueOn = Any.Day("2026-03-01") },
            Any.Lending("2026/3", days: 99) with { DueOn = Any.Day("2026-02-01") },
            Any.Lending("2026/4") with { DueOn = Any.Day("2026-02-01"), Status = LendingStatus.Void });
        var today = Any.Day("2026-03-01");

        Assert.Equal("2026/9 2026/10 2026/1", Numbers(await Lendings.OverdueAsync(today, 0, 10, Token)));
        Assert.Equal("2026/10", Numbers(await Lendings.OverdueAsync(today, 1, 1, Token)));
        Assert.Empty(await Lendings.OverdueAsync(today, 3, 10, Token));
    }

    [Fact]
    public async Task The_average_is_over_returned_lendings()
    {
        Assert.Null(await Lendings.AverageDaysAsync(Token));
        await StoreAsync(Any.Lending("2026/1", days: 1), Any.Lending("2026/2", days: 2), Any.Lending("2026/3"));

        Assert.Equal(1.5, await Lendings.AverageDaysAsync(Token));
    }

    [Theory]
    [InlineData(null, null, null, null, null, "2026/1 2026/10 2026/2 2026/9")]
    [InlineData("2026/1", null, null, null, null, "2026/1 2026/10")]
    [InlineData(null, "2", null, null, null, "2026/10 2026/2")]
    [InlineData("2026/1", "2", null, null, null, "2026/10")]
    [InlineData(null, null, true, null, null, "2026/2")]
    [InlineData(null, null, false, null, null, "2026/1 2026/10 2026/9")]
    [InlineData(null, null, null, "2024-02-29", null, "2026/10 2026/2 2026/9")]
    [InlineData(null, null, null, null, "2024-02-29", "2026/1 2026/10")]
    [InlineData(null, null, null, "2024-02-29", "2024-03-01", "2026/10 2026/2")]
    public async Task Search_finds_what_matches_in_every_way_ordered_by_number_as_text(
        string? reader, string? isbn, bool? returned, string? start, string? end, string numbers)
    {
        await StoreAsync(
            Any.Lending("2026/1", "1", "2026/1", "2024-02-28"),
            Any.Lending("2026/10", "2", "2026/1", "2024-02-29"),
            Any.Lending("2026/2", "2", "2026/2", "2024-03-01", days: 3),
            Any.Lending("2026/9", "1", "2026/2", "2024-03-02"),
            Any.Lending("2026/3", "1", "2026/1", "2024-02-29") with { Status = LendingStatus.Void });

        var lendings = await Lendings.SearchAsync(
            reader,
            isbn,
            returned,
            start is null ? null : Any.Day(start),
            end is null ? null : Any.Day(end),
            0,
            10,
            Token);

        Assert.Equal(numbers, Numbers(lendings));
    }

    [Theory]
    [InlineData(0, 2, "2026/1 2026/10")]
    [InlineData(2, 2, "2026/2")]
    [InlineData(3, 2, "")]
    public async Task Search_pages(int offset, int limit, string numbers)
    {
        await StoreAsync(Any.Lending("2026/1"), Any.Lending("2026/2"), Any.Lending("2026/10"));

        Assert.Equal(numbers, Numbers(await Lendings.SearchAsync(null, null, null, null, null, offset, limit, Token)));
    }

    private static string Numbers(IEnumerable<LendingSummary> lendings) =>
        string.Join(' ', lendings.Select(lending => lending.Number));
}
