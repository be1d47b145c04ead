using System.Globalization;
using System.Text.Json;

namespace Lms.Contract.Tests;

public sealed class LendingsTests(LibraryFixture library)
{
    private const string Lendings = "/api/lendings";

    [Fact]
    public async Task A_lending_starts_today_and_lasts_fifteen_days()
    {
        var reader = await library.NewReaderAsync();
        var book = await library.BookAsync();

        var answer = await (await library.LibrarianAsync()).PostAsync(
            Lendings, new { isbn = book.Isbn, readerNumber = reader.Number });

        var lending = Expect.Status(201, answer).Json;
        Assert.Equal("application/hal+json", answer.ContentType);
        Assert.Equal("\"0\"", answer.ETag);
        Assert.EndsWith($"{Lendings}/{lending.Text("lendingNumber")}", answer.Location, StringComparison.Ordinal);
        ExpectLendingView(lending);
        ExpectLinks(lending, book, reader);
        Assert.Matches(@"^\d{4}/(0|[1-9]\d*)$", lending.Text("lendingNumber"));
        Assert.Equal(book.Title, lending.Text("bookTitle"));
        Assert.Equal(Day(lending, "startDate").AddDays(15), Day(lending, "limitDate"));
        Assert.Equal(15, lending.GetProperty("daysUntilReturn").GetInt32());
        Assert.True(lending.IsNull("returnedDate"));
        Assert.True(lending.IsNull("daysOverdue"));
        Assert.True(lending.IsNull("fineValueInCents"));
    }

    [Fact]
    public async Task A_lending_is_seen_by_its_reader_and_by_librarians()
    {
        var reader = await library.NewReaderAsync();
        var lending = await library.LendAsync(reader);

        foreach (var caller in new[] { reader.Api, await library.LibrarianAsync() })
        {
            var answer = Expect.Status(200, await caller.GetAsync(lending.Path));

            Assert.Equal("application/hal+json", answer.ContentType);
            Assert.Equal(lending.ETag, answer.ETag);
            Assert.EndsWith(lending.Path, answer.Location, StringComparison.Ordinal);
            ExpectLendingView(answer.Json);
            Assert.Equal(lending.Number, answer.Json.Text("lendingNumber"));
        }
    }

    [Fact]
    [Covers("GET /api/lendings/{}/{}", 403)]
    [Covers("PATCH /api/lendings/{}/{}", 403)]
    public async Task A_lending_is_nobody_elses_business()
    {
        var lending = await library.LendAsync(await library.NewReaderAsync());
        var other = await library.ReaderAsync();

        Expect.Error(403, "Access denied!", await other.Api.GetAsync(lending.Path));
        Expect.Error(403, "Access denied!", await other.Api.PatchAsync(lending.Path, new { }, lending.ETag));
    }

    [Theory]
    [InlineData("1999/1")]
    [InlineData("2020/999999999")]
    [Covers("GET /api/lendings/{}/{}", 404)]
    [Covers("PATCH /api/lendings/{}/{}", 404)]
    public async Task An_unknown_lending_is_not_found(string number)
    {
        var reader = await library.ReaderAsync();

        Expect.NotFound(await (await library.LibrarianAsync()).GetAsync($"{Lendings}/{number}"));
        Expect.NotFound(await reader.Api.PatchAsync($"{Lendings}/{number}", new { }, "\"0\""));
    }

    [Fact]
    [Covers("POST /api/lendings", 404)]
    public async Task Books_and_readers_that_are_lent_to_exist()
    {
        var reader = await library.ReaderAsync();
        var book = await library.BookAsync();
        var librarian = await library.LibrarianAsync();

        Expect.NotFound(await librarian.PostAsync(Lendings, new { isbn = Any.Isbn13, readerNumber = reader.Number }));
        Expect.NotFound(await librarian.PostAsync(Lendings, new { isbn = book.Isbn, readerNumber = "1999/1" }));
    }

    [Theory]
    [InlineData("""{"isbn":"123456789","readerNumber":"2020/1"}""")]
    [InlineData("""{"isbn":"12345678901234","readerNumber":"2020/1"}""")]
    [InlineData("""{"isbn":"9789720706386","readerNumber":"202/1"}""")]
    [InlineData("""{"isbn":"9789720706386","readerNumber":"2020/123456789012"}""")]
    [InlineData("""{"readerNumber":"2020/1"}""")]
    [InlineData("""{"isbn":"9789720706386"}""")]
    [InlineData("""{"isbn":null,"readerNumber":null}""")]
    [InlineData("{}")]
    [InlineData("""{"isbn":""")]
    [Covers("POST /api/lendings", 400)]
    public async Task A_lending_needs_a_book_and_a_reader_of_the_right_length(string body)
    {
        var answer = await (await library.LibrarianAsync()).PostAsync(Lendings, Body.Raw(body, "application/json"));

        Expect.BadRequest(answer);
    }

    [Fact]
    [Covers("POST /api/lendings", 403)]
    public async Task A_reader_holds_three_books_at_most()
    {
        var reader = await library.NewReaderAsync();
        var librarian = await library.LibrarianAsync();
        var lending = await library.LendAsync(reader);
        await library.LendAsync(reader);
        await library.LendAsync(reader);
        var fourth = new { isbn = (await library.BookAsync()).Isbn, readerNumber = reader.Number };

        var refused = await librarian.PostAsync(Lendings, fourth);
        Expect.Status(200, await reader.Api.PatchAsync(lending.Path, new { }, lending.ETag));
        var accepted = await librarian.PostAsync(Lendings, fourth);

        var details = Expect.Error(403, "Lending forbidden!", refused);
        Assert.Equal("Reader has three books outstanding already", Assert.Single(details.EnumerateArray()).GetString());
        Expect.Status(201, accepted);
    }

    [Fact]
    public async Task Without_registered_copies_one_reader_may_hold_the_same_book_three_times()
    {
        var reader = await library.NewReaderAsync();
        var book = await library.NewBookAsync();

        for (var time = 0; time < 3; time++)
        {
            await library.LendAsync(reader, book.Isbn);
        }
    }

    [Fact]
    public async Task Lendings_at_the_same_moment_get_different_numbers_and_never_exceed_three()
    {
        var reader = await library.NewReaderAsync();
        var librarian = await library.LibrarianAsync();
        var lend = new { isbn = (await library.BookAsync()).Isbn, readerNumber = reader.Number };

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => librarian.PostAsync(Lendings, lend)));

        var numbers = answers.Where(answer => answer.Status == 201).Select(answer => answer.Json.Text("lendingNumber"));
        Assert.Equal(3, numbers.Distinct().Count());
        Assert.All(answers, answer => Expect.Status([201, 403], answer));
        Assert.Equal(3, answers.Count(answer => answer.Status == 201));
    }

    [Fact]
    public async Task A_reader_returns_the_own_book()
    {
        var reader = await library.NewReaderAsync();
        var book = await library.BookAsync();
        var lending = await library.LendAsync(reader, book.Isbn);

        var answer = await reader.Api.PatchAsync(lending.Path, new { commentary = "Gostei." }, lending.ETag);

        var returned = Expect.Status(200, answer).Json;
        Assert.Equal("application/hal+json", answer.ContentType);
        Assert.Equal("\"1\"", answer.ETag);
        ExpectLendingView(returned);
        ExpectLinks(returned, book, reader);
        Assert.Equal(returned.Text("startDate"), returned.Text("returnedDate"));
        Assert.True(returned.IsNull("daysUntilReturn"));
        Assert.True(returned.IsNull("daysOverdue"));
        Assert.True(returned.IsNull("fineValueInCents"));
    }

    [Fact]
    public async Task A_book_is_returned_once()
    {
        var reader = await library.NewReaderAsync();
        var lending = await library.LendAndReturnAsync(reader);

        var answer = await reader.Api.PatchAsync(lending.Path, new { commentary = "Outra vez." }, lending.ETag);

        Expect.BadRequest("book has already been returned!", answer);
    }

    [Theory]
    [InlineData(1024, 200)]
    [InlineData(1025, 400)]
    [Covers("PATCH /api/lendings/{}/{}", 400)]
    public async Task A_commentary_ends_at_1024_characters(int length, int status)
    {
        var reader = await library.NewReaderAsync();
        var lending = await library.LendAsync(reader);

        var answer =
            await reader.Api.PatchAsync(lending.Path, new { commentary = new string('c', length) }, lending.ETag);

        Expect.Status(status, answer);
    }

    [Fact]
    public async Task The_average_duration_of_all_lendings_has_one_decimal()
    {
        await library.LendAndReturnAsync(await library.NewReaderAsync());
        var librarian = await library.LibrarianAsync();

        var answer = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"{Lendings}/avgDuration"), found => found.Status == 200);

        Expect.Members(Expect.Status(200, answer).Json, "lendingsAverageDuration");
        Expect.OneDecimal(answer.Json.GetProperty("lendingsAverageDuration"));
    }

    [Fact]
    public async Task A_search_wants_all_criteria()
    {
        var reader = await library.NewReaderAsync();
        var book = await library.NewBookAsync();
        var returned = await library.LendAndReturnAsync(reader, book.Isbn);
        var open = await library.LendAsync(reader, book.Isbn);
        await library.LendAsync(reader);
        var day = await library.TodayAsync();

        var today = new { readerNumber = reader.Number, startDate = Iso(day), endDate = Iso(day.AddDays(1)) };
        var all = await SearchAsync(today, 3);
        var ofBook = await SearchAsync(new { readerNumber = reader.Number, isbn = book.Isbn }, 2);
        var ofBookReturned =
            await SearchAsync(new { readerNumber = reader.Number, isbn = book.Isbn, returned = true }, 1);
        var ofBookOpen = await SearchAsync(new { readerNumber = reader.Number, isbn = book.Isbn, returned = false }, 1);
        var before = await SearchAsync(
            new { readerNumber = reader.Number, startDate = "2001-01-01", endDate = Iso(day.AddDays(-1)) }, 0);

        Assert.Equal(Numbers(all).Order(StringComparer.Ordinal), Numbers(all));
        Assert.Equal(3, all.Items.Count);
        Assert.All(all.Items, ExpectLendingView);
        Assert.Equal(
            new[] { returned.Number, open.Number }.Order(StringComparer.Ordinal), Numbers(ofBook));
        Assert.Equal([returned.Number], Numbers(ofBookReturned));
        Assert.Equal([open.Number], Numbers(ofBookOpen));
        Assert.Empty(before.Items);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"page":null,"query":null}""")]
    public async Task A_search_without_criteria_shows_the_last_ten_days(string body)
    {
        var day = await library.TodayAsync();
        var librarian = await library.LibrarianAsync();

        var answer = await Eventually.HoldsAsync(
            () => librarian.PostAsync($"{Lendings}/search", Body.Raw(body, "application/json")),
            found => found.Items.Count > 0);

        Assert.InRange(Expect.Status(200, answer).Items.Count, 1, 10);
        Assert.All(answer.Items, item => Assert.InRange(Day(item, "startDate"), day.AddDays(-10), day.AddDays(1)));
    }

    [Fact]
    [Covers("POST /api/lendings/search", 400)]
    public async Task A_search_needs_dates_that_are_dates()
    {
        var librarian = await library.LibrarianAsync();

        Expect.BadRequest(
            await librarian.PostAsync($"{Lendings}/search", new { query = new { startDate = "yesterday" } }));
        Expect.BadRequest(
            await librarian.PostAsync($"{Lendings}/search", new { query = new { endDate = "2025-02-30" } }));
    }

    [Fact]
    public async Task Lendings_are_sorted_by_their_number_as_text()
    {
        var demo = await library.DemoAsync();
        var reader = await demo.ReaderAsync(4);

        var answer = await SearchAsync(new { readerNumber = reader.Number, startDate = "2001-01-01" }, 13);

        Assert.True(answer.Items.Count >= 13, $"Reader 4 has thirteen lendings: {answer}");
        Assert.Equal(Numbers(answer).Order(StringComparer.Ordinal), Numbers(answer));
        Assert.EndsWith("/5", Numbers(answer)[^1], StringComparison.Ordinal);
    }

    internal static void ExpectLendingView(JsonElement lending)
    {
        Expect.Members(
            lending, "lendingNumber", "bookTitle", "startDate", "limitDate", "returnedDate", "daysUntilReturn",
            "daysOverdue", "fineValueInCents", "_links");
        var links = lending.GetProperty("_links");
        Expect.Members(links, "self", "book", "reader");
        AuthorsTests.ExpectUrl(links.GetProperty("self").Text("href"), $"{Lendings}/{lending.Text("lendingNumber")}");
        Expect.Members(links.GetProperty("book"), "href");
        Expect.Members(links.GetProperty("reader"), "href");
    }

    internal static DateOnly Day(JsonElement lending, string name) =>
        DateOnly.ParseExact(lending.Text(name)!, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static void ExpectLinks(JsonElement lending, ABook book, AReader reader)
    {
        AuthorsTests.ExpectUrl(lending.GetProperty("_links").GetProperty("book").Text("href"), book.Path);
        AuthorsTests.ExpectUrl(lending.GetProperty("_links").GetProperty("reader").Text("href"), reader.Path);
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static List<string> Numbers(Answer answer) => [.. answer.Items.Select(item => item.Text("lendingNumber")!)];

    private async Task<Answer> SearchAsync(object query, int count)
    {
        var librarian = await library.LibrarianAsync();
        return Expect.Status(200, await Eventually.HoldsAsync(
            () => librarian.PostAsync($"{Lendings}/search", new { page = new { number = 1, limit = 100 }, query }),
            found => found.Items.Count == count));
    }
}
