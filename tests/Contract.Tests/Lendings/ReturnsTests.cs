namespace Lms.Contract.Tests;

public sealed class ReturnsTests(LibraryFixture library)
{
    private const string Returns = "/api/returns";

    [Fact]
    public async Task A_book_comes_back_over_the_desk_by_its_barcode()
    {
        var book = await library.NewBookAsync();
        var barcode = await library.NewCopyAsync(book.Isbn);
        var lending = await library.LendAsync(await library.NewReaderAsync(), book.Isbn);
        var librarian = await library.LibrarianAsync();

        var answer = await librarian.PostAsync(Returns, new { barcode, commentary = "Molhado.", grade = 7 });

        Assert.Equal("application/hal+json", Expect.Status(200, answer).ContentType);
        LendingsTests.ExpectLendingView(answer.Json);
        Assert.Equal(lending.Number, answer.Json.Text("lendingNumber"));
        Assert.False(answer.Json.IsNull("returnedDate"));
        var copy = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"/api/copies/{barcode}"), found => found.Json.Text("status") == "available");
        Assert.Equal("available", copy.Json.Text("status"));
    }

    [Fact]
    public async Task A_book_comes_back_over_the_desk_by_its_lending()
    {
        var reader = await library.NewReaderAsync();
        var lending = await library.LendAsync(reader);

        var answer = await (await library.LibrarianAsync()).PostAsync(Returns, new { lendingNumber = lending.Number });

        Assert.Equal(lending.Number, Expect.Status(200, answer).Json.Text("lendingNumber"));
        var seen = await Eventually.HoldsAsync(
            () => reader.Api.GetAsync(lending.Path), found => !found.Json.IsNull("returnedDate"));
        Assert.False(seen.Json.IsNull("returnedDate"));
    }

    [Fact]
    [Covers("POST /api/returns", 409)]
    public async Task A_lending_is_returned_once()
    {
        var lending = await library.LendAndReturnAsync(await library.NewReaderAsync());

        var answer = await (await library.LibrarianAsync()).PostAsync(Returns, new { lendingNumber = lending.Number });

        Expect.Problem(409, answer, "already-returned");
    }

    [Fact]
    [Covers("POST /api/returns", 404)]
    public async Task What_was_never_lent_is_not_found()
    {
        var librarian = await library.LibrarianAsync();

        Expect.Problem(404, await librarian.PostAsync(Returns, new { barcode = Any.Barcode }));
        Expect.Problem(404, await librarian.PostAsync(Returns, new { lendingNumber = "1999/1" }));
    }

    [Fact]
    [Covers("POST /api/returns", 400)]
    public async Task A_return_names_either_a_copy_or_a_lending()
    {
        var librarian = await library.LibrarianAsync();

        Expect.Problem(400, await librarian.PostAsync(Returns, new { }));
        Expect.Problem(
            400, await librarian.PostAsync(Returns, new { barcode = Any.Barcode, lendingNumber = "1999/1" }));
    }

    [Theory]
    [InlineData(0, 0, 200)]
    [InlineData(10, 1024, 200)]
    [InlineData(11, 0, 400)]
    [InlineData(-1, 0, 400)]
    [InlineData(5, 1025, 400)]
    public async Task Grades_go_from_0_to_10_and_commentaries_end_at_1024_characters(int grade, int length, int status)
    {
        var lending = await library.LendAsync(await library.NewReaderAsync());

        var answer = await (await library.LibrarianAsync()).PostAsync(
            Returns, new { lendingNumber = lending.Number, grade, commentary = new string('c', length) });

        Expect.Status(status, answer);
    }
}
