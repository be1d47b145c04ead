using Lms.ReadModel.Lendings;
using Lms.ReadModel.Readers;

namespace Lms.ReadModel.Tests.Readers;

public sealed class ReaderQueriesTests : ReadModelTest
{
    private ReaderQueries Readers => new(Database);

    [Fact]
    public async Task A_reader_is_shown_as_stored_with_the_names_of_interests_in_order()
    {
        await StoreAsync(
            Any.Genre("Ficção"),
            Any.Reader("2026/1", "Manuel Conceição", "Romance", "Ficção") with
            {
                Photo = "abc",
                Version = 4,
                UserId = 17,
            });

        var reader = await Readers.ByUserAsync(17, Token);

        Assert.NotNull(reader);
        Assert.Equal(["romance", "Ficção"], reader.Interests);
        Assert.Equal(
            new ReaderSummary(
                "2026/1", 17, "reader1@example.io", "Manuel Conceição", new(2000, 2, 29), "912345678",
                true, false, true,
                "abc", reader.Interests, 4),
            reader);
        Assert.Null(await Readers.ByUserAsync(18, Token));
        Assert.Equal(reader, await Readers.ByNumberAsync(reader!.Number, Token), (one, other) => one.Number == other?.Number && one.UserId == other.UserId);
        Assert.Null(await Readers.ByNumberAsync("1999/1", Token));
    }

    [Fact]
    public async Task All_are_ordered_by_name_then_year_and_sequence()
    {
        await StoreAsync(
            Any.Reader("2026/10", "Ana"), Any.Reader("2026/9", "Ana"), Any.Reader("2025/11", "Ana"),
            Any.Reader("2026/1", "Álvaro"));

        Assert.Equal("2026/1 2025/11 2026/9 2026/10", Numbers(await Readers.AllAsync(Token)));
    }

    [Theory]
    [InlineData("conc", "2026/1")]
    [InlineData("an", "2026/2 2026/1")]
    [InlineData("%", "")]
    [InlineData("absent", "")]
    public async Task By_name_finds_parts_of_names(string name, string numbers)
    {
        await StoreAsync(Any.Reader("2026/1", "Manuel da Conceição"), Any.Reader("2026/2", "Ana Sá"));

        Assert.Equal(numbers, Numbers(await Readers.ByNameAsync(name, Token)));
    }

    [Fact]
    public async Task By_phone_finds_the_whole_number_only()
    {
        await StoreAsync(
            Any.Reader("2026/1", "B") with { PhoneNumber = "912345678" },
            Any.Reader("2026/2", "A") with { PhoneNumber = "912345678" },
            Any.Reader("2026/3", "C") with { PhoneNumber = "912345679" });

        Assert.Equal("2026/2 2026/1", Numbers(await Readers.ByPhoneAsync("912345678", Token)));
        Assert.Empty(await Readers.ByPhoneAsync("91234567", Token));
    }

    [Theory]
    [InlineData("ana", null, null, "2026/1")]
    [InlineData(null, "reader2@example.io", null, "2026/2")]
    [InlineData(null, "reader2@example", null, "")]
    [InlineData(null, null, "2333", "2026/3")]
    [InlineData("ana", "reader2@example.io", "2333", "2026/1 2026/2 2026/3")]
    [InlineData(null, null, null, "2026/1 2026/2 2026/3 2026/4")]
    public async Task Search_finds_what_matches_in_one_way_at_least(
        string? name, string? email, string? phone, string numbers)
    {
        await StoreAsync(
            Any.Reader("2026/1", "Ana"),
            Any.Reader("2026/2", "Bia"),
            Any.Reader("2026/3", "Célia") with { PhoneNumber = "2333" },
            Any.Reader("2026/4", "Duarte"));

        Assert.Equal(numbers, Numbers(await Readers.SearchAsync(name, email, phone, 0, 10, Token)));
    }

    [Theory]
    [InlineData(0, 2, "2026/1 2026/2")]
    [InlineData(2, 2, "2026/3")]
    [InlineData(3, 2, "")]
    public async Task Search_pages_readers_and_not_their_interests(int offset, int limit, string numbers)
    {
        await StoreAsync([.. Enumerable.Range(1, 3).Select(number => Any.Reader($"2026/{number}", "A", "x", "y"))]);

        Assert.Equal(numbers, Numbers(await Readers.SearchAsync("a", null, null, offset, limit, Token)));
    }

    [Fact]
    public async Task Top5_counts_all_lendings_that_came_to_be()
    {
        await StoreAsync(
            [.. Enumerable.Range(1, 7).Select(number => Any.Reader($"2026/{number}", $"Name {8 - number}"))]);
        await StoreAsync(
            Any.Lending("2020/1", reader: "2026/3", startedOn: "2020-01-01", days: 3),
            Any.Lending("2026/1", reader: "2026/3"),
            Any.Lending("2026/2", reader: "2026/1"),
            Any.Lending("2026/3", reader: "2026/2"),
            Any.Lending("2026/4", reader: "2026/4"),
            Any.Lending("2026/5", reader: "2026/5"),
            Any.Lending("2026/6", reader: "2026/6"),
            Any.Lending("2026/7", reader: "2026/7") with { Status = LendingStatus.Void });

        var top = await Readers.Top5Async(Token);

        Assert.Equal(
            ["2026/3 2", "2026/6 1", "2026/5 1", "2026/4 1", "2026/2 1"],
            top.Select(entry => $"{entry.Reader.Number} {entry.Lendings}"));
    }

    [Fact]
    public async Task Top5_by_genre_counts_between_the_days_both_included()
    {
        await StoreAsync(
            Any.Reader("2026/1", "A"), Any.Reader("2026/2", "B"),
            Any.Book("1", genre: "Drama"), Any.Book("2", genre: "Poesia"));
        await StoreAsync(
            Any.Lending("2026/1", "1", "2026/2", "2026-01-31"),
            Any.Lending("2026/2", "1", "2026/2", "2026-02-01"),
            Any.Lending("2026/3", "1", "2026/2", "2026-02-28"),
            Any.Lending("2026/4", "1", "2026/2", "2026-03-01"),
            Any.Lending("2026/5", "1", "2026/1", "2026-02-14"),
            Any.Lending("2026/6", "2", "2026/1", "2026-02-14"));

        var top = await Readers.Top5ByGenreAsync("drama", Any.Day("2026-02-01"), Any.Day("2026-02-28"), Token);

        Assert.Equal(["2026/2 2", "2026/1 1"], top.Select(entry => $"{entry.Reader.Number} {entry.Lendings}"));
    }

    [Fact]
    public async Task Monthly_counts_from_the_first_day_of_the_first_to_the_last_day_of_the_last_month()
    {
        await StoreAsync(
            Any.Lending("2024/1", startedOn: "2023-12-31"),
            Any.Lending("2024/2", startedOn: "2024-01-01"),
            Any.Lending("2024/3", startedOn: "2024-02-29"),
            Any.Lending("2024/4", startedOn: "2024-02-01", days: 3),
            Any.Lending("2024/5", startedOn: "2024-03-01"),
            Any.Lending("2024/6", startedOn: "2024-02-02") with { Status = LendingStatus.Void },
            Any.Lending("2024/7", startedOn: "2024-02-02", reader: "2026/2"));

        Assert.Equal([new(2024, 1, 1), new(2024, 2, 2)], await Readers.MonthlyAsync("2026/1", 2024, 1, 2024, 2, Token));
    }

    [Theory]
    [InlineData(null, "2026/9 2026/10")]
    [InlineData(true, "2026/10")]
    [InlineData(false, "2026/9")]
    public async Task Lendings_of_one_book_may_be_only_those_returned_or_only_the_others(bool? returned, string numbers)
    {
        await StoreAsync(
            Any.Lending("2026/10", "1", days: 3),
            Any.Lending("2026/9", "1"),
            Any.Lending("2026/11", "1") with { Status = LendingStatus.Void },
            Any.Lending("2026/12", "2"),
            Any.Lending("2026/13", "1", reader: "2026/2"));

        var lendings = await Readers.ListLendingsAsync("2026/1", "1", returned, Token);

        Assert.Equal(numbers, string.Join(' ', lendings.Select(lending => lending.Number)));
    }

    [Fact]
    public async Task Hidden_readers_never_show()
    {
        await StoreAsync(
            Any.Reader("2026/1", "A") with { UserId = 17, PhoneNumber = "9", IsHidden = true },
            Any.Book("1", genre: "G"),
            Any.Lending("2026/1", "1"));

        Assert.Empty(await Readers.AllAsync(Token));
        Assert.Empty(await Readers.ByNameAsync("a", Token));
        Assert.Empty(await Readers.ByPhoneAsync("9", Token));
        Assert.Null(await Readers.ByUserAsync(17, Token));
        Assert.Null(await Readers.ByNumberAsync("2026/1", Token));
        Assert.Empty(await Readers.SearchAsync("a", null, "9", 0, 10, Token));
        Assert.Empty(await Readers.Top5Async(Token));
        Assert.Empty(await Readers.Top5ByGenreAsync("g", DateOnly.MinValue, DateOnly.MaxValue, Token));
    }

    private static string Numbers(IEnumerable<ReaderSummary> readers) =>
        string.Join(' ', readers.Select(reader => reader.Number));
}
