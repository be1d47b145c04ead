using Lms.ReadModel.Genres;
using Lms.ReadModel.Lendings;

namespace Lms.ReadModel.Tests.Genres;

public sealed class GenreQueriesTests : ReadModelTest
{
    private GenreQueries Genres => new(Database);

    [Theory]
    [InlineData(0, 2, "Ação Drama")]
    [InlineData(2, 2, "Érotico")]
    [InlineData(3, 2, "")]
    public async Task All_pages_what_is_not_retired_and_counts_it(int offset, int limit, string names)
    {
        await StoreAsync(
            Any.Genre("Érotico"), Any.Genre("Drama"), Any.Genre("Ação"), Any.Genre("Gone") with { Retired = true });

        var page = await Genres.AllAsync(offset, limit, Token);

        Assert.Equal(names, string.Join(' ', page.Items.Select(genre => genre.Name)));
        Assert.Equal(3, page.Total);
    }

    [Fact]
    public async Task Top5_is_by_number_of_books_and_breaks_ties_by_name()
    {
        await StoreAsync(Any.Genre("Ficção"));
        await StoreAsync(
            Any.Book("1", genre: "Zoo"),
            Any.Book("2", genre: "Zoo"),
            Any.Book("3", genre: "B"),
            Any.Book("4", genre: "A"),
            Any.Book("5", genre: "D"),
            Any.Book("6", genre: "Ficção"),
            Any.Book("7", genre: "Ficção"),
            Any.Book("8", genre: "C"),
            Any.Book("9", genre: "A") with { IsHidden = true });

        var top = await Genres.Top5ByBooksAsync(Token);

        Assert.Equal([new("Ficção", 2), new("zoo", 2), new("a", 1), new("b", 1), new("c", 1)], top);
    }

    [Fact]
    public async Task The_average_of_a_month_is_per_day_and_knows_leap_years()
    {
        await StoreAsync(Any.Genre("Ficção"), Any.Book("1", genre: "Ficção"), Any.Book("2", genre: "Drama"));
        await StoreAsync(
            [.. Enumerable.Range(1, 40).Select(number => Any.Lending($"2024/{number}", "1", startedOn: "2024-02-29"))]);
        await StoreAsync(
            Any.Lending("2024/41", "1", startedOn: "2024-01-31"),
            Any.Lending("2024/42", "1", startedOn: "2024-03-01"),
            Any.Lending("2024/43", "2", startedOn: "2024-02-01"),
            Any.Lending("2024/44", "2", startedOn: "2024-02-01"));

        var averages = await Genres.AverageLendingsPerGenreAsync(2024, 2, 0, 10, Token);

        // 2 / 29 = 0.069, 40 / 29 = 1.379
        Assert.Equal([new("drama", 0.1), new("Ficção", 1.4)], averages);
        Assert.Equal([new("Ficção", 1.4)], await Genres.AverageLendingsPerGenreAsync(2024, 2, 1, 10, Token));
        Assert.Empty(await Genres.AverageLendingsPerGenreAsync(2024, 2, 2, 10, Token));
    }

    [Fact]
    public async Task Lendings_per_month_end_with_the_month()
    {
        await StoreAsync(Any.Genre("Ficção"), Any.Book("1", genre: "Ficção"), Any.Book("2", genre: "Drama"));
        await StoreAsync(
            Any.Lending("2025/1", "1", startedOn: "2025-11-30"),
            Any.Lending("2025/2", "1", startedOn: "2025-12-01"),
            Any.Lending("2025/3", "1", startedOn: "2025-12-31"),
            Any.Lending("2025/4", "2", startedOn: "2025-12-31"),
            Any.Lending("2026/1", "1", startedOn: "2026-01-01"),
            Any.Lending("2026/2", "1", startedOn: "2026-01-02"),
            Any.Lending("2026/3", "1", startedOn: "2026-01-01") with { Status = LendingStatus.Void });

        var months = await Genres.LendingsPerMonthAsync(Any.Day("2025-12-01"), Any.Day("2026-01-01"), Token);

        Assert.Equal(
            [new(2025, 12, "drama", 1), new(2025, 12, "Ficção", 2), new(2026, 1, "Ficção", 1)], months);
    }

    [Fact]
    public async Task Durations_count_for_the_month_in_which_the_lending_started()
    {
        await StoreAsync(Any.Book("1", genre: "Drama"), Any.Book("2", genre: "Poesia"));
        await StoreAsync(
            Any.Lending("2024/1", "1", startedOn: "2024-02-28", days: 2),
            Any.Lending("2024/2", "1", startedOn: "2024-02-29", days: 30),
            Any.Lending("2024/3", "1", startedOn: "2024-02-29"),
            Any.Lending("2024/4", "2", startedOn: "2024-03-01", days: 0),
            Any.Lending("2024/5", "2", startedOn: "2024-03-02", days: 9));

        var averages = await Genres.AverageDurationPerMonthAsync(Any.Day("2024-02-28"), Any.Day("2024-03-01"), Token);

        Assert.Equal([new(2024, 2, "drama", 16), new(2024, 3, "poesia", 0)], averages);
    }

    [Fact]
    public async Task Averages_are_rounded_half_up()
    {
        await StoreAsync(Any.Book("1", genre: "Drama"));
        await StoreAsync(
            [.. Enumerable.Range(0, 4).Select(number => Any.Lending($"2026/{number}", "1", days: number / 3))]);

        var averages = await Genres.AverageDurationPerMonthAsync(Any.Day("2026-01-01"), Any.Day("2026-01-31"), Token);

        Assert.Equal(0.3, Assert.Single(averages).Average); // 0.25
    }

    [Fact]
    public async Task Lendings_of_hidden_books_count_for_no_genre()
    {
        await StoreAsync(Any.Book("1", genre: "Drama") with { IsHidden = true }, Any.Lending("2026/1", "1", days: 3));
        var (start, end) = (Any.Day("2026-01-01"), Any.Day("2026-01-31"));

        Assert.Empty(await Genres.AverageLendingsPerGenreAsync(2026, 1, 0, 10, Token));
        Assert.Empty(await Genres.LendingsPerMonthAsync(start, end, Token));
        Assert.Empty(await Genres.AverageDurationPerMonthAsync(start, end, Token));
    }

    [Fact]
    public async Task Books_of_a_genre_are_counted()
    {
        await StoreAsync(Any.Book("1", genre: "Drama"), Any.Book("2", genre: "Drama"), Any.Book("3", genre: "Poesia"));

        Assert.Equal(2, await Genres.BooksInGenreAsync("drama", Token));
        Assert.Equal(0, await Genres.BooksInGenreAsync("dram", Token));
    }
}
