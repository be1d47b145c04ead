using System.Text.Json;

namespace Lms.Contract.Tests;

public sealed class ExportTests(LibraryFixture library, EmptyLibraryFixture empty) : IClassFixture<EmptyLibraryFixture>
{
    private const string Exports = "/api/exports/books";

    private static string[] Formats => ["marcxml", "marc21", "csv"];

    public static TheoryData<string, string> Types => new()
    {
        { "", "application/marcxml+xml" },
        { "?format=marcxml", "application/marcxml+xml" },
        { "?format=marc21", "application/marc" },
        { "?format=csv", "text/csv" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Every_book_is_in_the_export(string query, string type)
    {
        var (typed, isbn, title) = (await library.NewBookAsync(), Any.Isbn13, Any.Title);
        await library.ImportAsync(Catalogues.Csv(Catalogues.Row(isbn, title)));
        var librarian = await library.LibrarianAsync();

        var export = await Eventually.HoldsAsync(
            () => librarian.GetAsync(Exports + query),
            answer => answer.Text.Contains(title, StringComparison.Ordinal) && answer.Text.Contains(typed.Isbn, StringComparison.Ordinal));

        Assert.Equal(type, Expect.Status(200, export).ContentType);
        Assert.StartsWith("attachment", export.Header("Content-Disposition"), StringComparison.Ordinal);
        Assert.Contains(title, export.Text, StringComparison.Ordinal);
        Assert.Contains(isbn, export.Text, StringComparison.Ordinal);
        Assert.Contains(typed.Title, export.Text, StringComparison.Ordinal);
        Expect.Empty(200, await librarian.HeadAsync(Exports + query));
    }

    [Fact]
    [Covers("GET /api/exports/books", 400)]
    public async Task An_unknown_format_is_refused() =>
        Expect.Problem(400, await (await library.LibrarianAsync()).GetAsync($"{Exports}?format=pdf"), "format-unknown");

    /// <summary>One library, so that all of an export is known: what leaves it comes back, in every format, as it was.</summary>
    [Fact]
    public async Task What_leaves_a_library_comes_back_and_changes_no_book()
    {
        var librarian = await empty.EmptyShelvesAsync();
        var (first, second, alias, local) = (Any.Isbn13, Any.Isbn13, Any.Isbn13, Any.Title);
        await empty.ImportAsync(Catalogues.Iso2709(
            Catalogues.Book(
                "Os Maias : episódios da vida romântica /",
                Marc.Control("001", "7"), Marc.Control("003", "Porto"),
                Marc.Data("020", "  ", "a" + first), Marc.Data("020", "  ", "a" + alias),
                Marc.Data("100", "1 ", "aQueirós, Eça de,"), Marc.Data("520", "  ", "aLisboa & <Sintra>."),
                Marc.Data("650", " 0", "aLisboa", "vFiction.")),
            Catalogues.Book(local, Marc.Control("001", "8"), Marc.Control("003", "Porto"))));
        await empty.ImportAsync(Catalogues.Csv(Catalogues.Row(second, "\"Vírgulas, e \"\"aspas\"\"\"", "Ana Bela; Rui Sol", "Ensaio", "9")));
        var typed = await empty.NewBookAsync();
        Expect.Status(200, await librarian.PatchAsync($"/api/books/{first}", Body.Form(("title", "Os Maias")), "\"0\""));
        string[] isbns = [first, second, alias, typed.Isbn, await IsbnAsync(librarian, local)];
        var before = await ViewsAsync(librarian, isbns);

        foreach (var format in Formats)
        {
            var export = await Eventually.HoldsAsync(
                () => librarian.GetAsync($"{Exports}?format={format}"), answer => answer.Text.Contains(typed.Isbn, StringComparison.Ordinal));
            var import = await empty.ImportAsync(Expect.Status(200, export).Body, $"?format={format}");
            var again = await empty.ImportAsync(export.Body, $"?format={format}");

            Assert.Matches("^0 [0-4] [0-4] 0 0 0$", import.Counts());
            Assert.Equal(4, import.Count("read"));
            Assert.Equal("0 0 4 0 0 0", again.Counts());
            Assert.Equal(before, await ViewsAsync(librarian, isbns));
        }
    }

    private static async Task<string> IsbnAsync(Api librarian, string title)
    {
        var found = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"/api/books?title={Uri.EscapeDataString(title)}"), answer => answer.Status == 200);
        return Assert.Single(Expect.Status(200, found).Items).Text("isbn")!;
    }

    /// <summary>What clients see of each book, with its version.</summary>
    private static async Task<List<string>> ViewsAsync(Api librarian, string[] isbns)
    {
        var views = new List<string>();
        foreach (var isbn in isbns)
        {
            var answer = Expect.Status(200, await librarian.GetAsync($"/api/books/{isbn}"));
            views.Add($"{answer.ETag} {JsonSerializer.Serialize(answer.Json)}");
        }

        return views;
    }
}
