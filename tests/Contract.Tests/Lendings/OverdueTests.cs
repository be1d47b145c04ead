using System.Text.Json;

namespace Lms.Contract.Tests;

/// <summary>What only time can bring: told on the demo library's late lendings.</summary>
public sealed class OverdueTests(LibraryFixture library)
{
    private const string Overdue = "/api/lendings/overdue";
    private const string Everything = Overdue + "?number=1&limit=100";

    [Fact]
    public async Task The_overdue_list_takes_its_page_from_the_body_of_the_GET()
    {
        await library.DemoAsync();

        var answer = await AskAsync("""{"number":1,"limit":2}""");

        Assert.Equal("application/json", Expect.Status(200, answer).ContentType);
        Assert.InRange(answer.Items.Count, 1, 2);
        Assert.All(answer.Items, LendingsTests.ExpectLendingView);
    }

    [Fact]
    public async Task The_overdue_list_begins_with_the_oldest_due_date()
    {
        await library.DemoAsync();

        var answer = Expect.Status(200, await (await library.LibrarianAsync()).GetAsync(Everything));

        var due = answer.Items.Select(item => LendingsTests.Day(item, "limitDate")).ToList();
        Assert.Equal(due.Order(), due);
        Assert.All(answer.Items, item => Assert.True(item.IsNull("returnedDate")));
        Assert.All(answer.Items, item => Assert.True(item.IsNull("daysUntilReturn")));
    }

    [Fact]
    public async Task Every_day_late_costs_two_hundred_cents()
    {
        await library.DemoAsync();
        var day = await library.TodayAsync();

        var answer = Expect.Status(200, await (await library.LibrarianAsync()).GetAsync(Everything));

        Assert.All(answer.Items, item =>
        {
            var late = day.DayNumber - LendingsTests.Day(item, "limitDate").DayNumber;
            Assert.Equal(late, item.GetProperty("daysOverdue").GetInt32());
            Assert.Equal(200 * late, item.GetProperty("fineValueInCents").GetInt32());
            Assert.True(late > 0);
        });
    }

    [Theory]
    [InlineData("""{"page":{"number":2,"limit":1}}""")]
    [InlineData("""{"somethingElse":true}""")]
    public async Task A_body_as_old_clients_send_it_means_the_first_ten(string body)
    {
        await library.DemoAsync();

        var asked = await AskAsync(body);
        var firstTen = await AskAsync("""{"number":1,"limit":10}""");

        Assert.Equal(Numbers(firstTen), Numbers(Expect.Status(200, asked)));
    }

    [Fact]
    public async Task The_page_may_stand_in_the_query_instead()
    {
        await library.DemoAsync();
        var librarian = await library.LibrarianAsync();

        var all = Expect.Status(200, await librarian.GetAsync(Everything));
        var second = Expect.Status(200, await librarian.GetAsync($"{Overdue}?number=2&limit=1"));

        Assert.Equal([Numbers(all)[1]], Numbers(second));
    }

    [Fact]
    [Covers("GET /api/lendings/overdue", 400)]
    public async Task Without_any_page_the_overdue_list_is_refused()
    {
        var answer = await (await library.LibrarianAsync()).GetAsync(Overdue);

        Expect.BadRequest(answer);
    }

    [Theory]
    [InlineData("""{"number":0,"limit":10}""")]
    [InlineData("""{"number":1,"limit":0}""")]
    [InlineData("""{"number":1,"limit":101}""")]
    [InlineData("""{"number":-1,"limit":10}""")]
    [InlineData("""{"number":""")]
    public async Task A_page_out_of_range_is_refused(string body) => Expect.BadRequest(await AskAsync(body));

    [Fact]
    [Covers("GET /api/lendings/overdue", 404)]
    public async Task A_page_beyond_the_end_is_not_found() =>
        Expect.Error(404, await AskAsync("""{"number":100000,"limit":100}"""));

    [Fact]
    public async Task Who_holds_a_late_book_borrows_nothing()
    {
        var demo = await library.DemoAsync();
        var reader = await demo.ReaderAsync(1);

        var answer = await (await library.LibrarianAsync()).PostAsync(
            "/api/lendings", new { isbn = (await library.BookAsync()).Isbn, readerNumber = reader.Number });

        var details = Expect.Error(403, "Lending forbidden!", answer);
        Assert.Equal("Reader has book(s) past their due date", Assert.Single(details.EnumerateArray()).GetString());
    }

    [Fact]
    public async Task A_late_return_keeps_its_days_and_its_fine()
    {
        var demo = await library.DemoAsync();
        var reader = await demo.ReaderAsync(2);
        var late = await LateLendingAsync(reader);
        var path = $"/api/lendings/{late.Text("lendingNumber")}";
        var before = await reader.Api.GetAsync(path);

        var answer = await reader.Api.PatchAsync(path, new { commentary = "Desculpem." }, before.ETag);
        var librarian = await library.LibrarianAsync();
        var overdue = await Eventually.HoldsAsync(
            () => librarian.GetAsync(Everything),
            list => list.Status != 200 || !Numbers(list).Contains(late.Text("lendingNumber")!));

        var returned = Expect.Status(200, answer).Json;
        Assert.False(returned.IsNull("returnedDate"));
        Assert.True(returned.IsNull("daysUntilReturn"));
        Assert.Equal(late.GetProperty("daysOverdue").GetInt32(), returned.GetProperty("daysOverdue").GetInt32());
        Assert.Equal(
            late.GetProperty("fineValueInCents").GetInt32(), returned.GetProperty("fineValueInCents").GetInt32());
        Assert.DoesNotContain(late.Text("lendingNumber")!, Numbers(overdue));
    }

    [Fact]
    public async Task A_late_book_that_comes_back_over_the_desk_costs_the_same()
    {
        var demo = await library.DemoAsync();
        var late = await LateLendingAsync(await demo.ReaderAsync(5));

        var answer = await (await library.LibrarianAsync()).PostAsync(
            "/api/returns", new { lendingNumber = late.Text("lendingNumber") });

        Assert.Equal(
            late.GetProperty("fineValueInCents").GetInt32(),
            Expect.Status(200, answer).Json.GetProperty("fineValueInCents").GetInt32());
    }

    private static List<string> Numbers(Answer answer) =>
        answer.Status == 200 ? [.. answer.Items.Select(item => item.Text("lendingNumber")!)] : [];

    private async Task<Answer> AskAsync(string body) =>
        await (await library.LibrarianAsync()).SendAsync(HttpMethod.Get, Overdue, Body.Raw(body, "application/json"));

    private async Task<JsonElement> LateLendingAsync(AReader reader)
    {
        var answer = Expect.Status(200, await (await library.LibrarianAsync()).GetAsync(Everything));
        var late = answer.Items.Where(item =>
            item.GetProperty("_links").GetProperty("reader")
                .Text("href")!.EndsWith(reader.Path, StringComparison.Ordinal)).ToList();
        if (late.Count == 0)
        {
            library.SkipBecause($"Reader {reader.Number} holds no late book any more.");
        }

        return late[0];
    }
}
