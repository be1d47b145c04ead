using System.Text.Json;

namespace Lms.Contract.Tests;

public sealed class CopiesTests(LibraryFixture library)
{
    [Fact]
    public async Task A_new_copy_stands_available_in_its_place()
    {
        var book = await library.NewBookAsync();
        var barcode = Any.Barcode;
        var librarian = await library.LibrarianAsync();

        var made = await librarian.PostAsync(
            $"{book.Path}/copies", new { barcode, branch = "Centro", shelfMark = "82-3 PIN" });
        var found = await librarian.GetAsync($"/api/copies/{barcode}");

        foreach (var answer in new[] { Expect.Status(201, made), Expect.Status(200, found) })
        {
            ExpectCopy(answer.Json, barcode, book.Isbn, "available");
            Assert.Equal("Centro", answer.Json.Text("branch"));
            Assert.Equal("82-3 PIN", answer.Json.Text("shelfMark"));
            Assert.Equal(made.ETag, answer.ETag);
        }
    }

    [Fact]
    public async Task The_copies_of_a_book_are_listed_with_a_total()
    {
        var book = await library.NewBookAsync();
        string[] barcodes = [await library.NewCopyAsync(book.Isbn), await library.NewCopyAsync(book.Isbn)];
        var reader = (await library.ReaderAsync()).Api;

        var answer =
            await Eventually.HoldsAsync(() => reader.GetAsync($"{book.Path}/copies"), found => found.Items.Count == 2);
        var page = Expect.Status(200, await reader.GetAsync($"{book.Path}/copies?page=2&limit=1"));

        Assert.Equal(
            barcodes.Order(StringComparer.Ordinal),
            Expect.Status(200, answer).Items.Select(item => item.Text("barcode")!).Order(StringComparer.Ordinal));
        Assert.Equal(2, answer.Json.GetProperty("total").GetInt32());
        Assert.Equal(20, answer.Json.GetProperty("limit").GetInt32());
        Assert.Single(page.Items);
        Assert.Equal(2, page.Json.GetProperty("page").GetInt32());
        Assert.Equal(1, page.Json.GetProperty("limit").GetInt32());
        Assert.Equal(2, page.Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_book_without_registered_copies_has_an_empty_list()
    {
        var book = await library.NewBookAsync();

        var answer = await (await library.LibrarianAsync()).GetAsync($"{book.Path}/copies");

        Assert.Empty(Expect.Status(200, answer).Items);
        Assert.Equal(0, answer.Json.GetProperty("total").GetInt32());
    }

    [Fact]
    [Covers("POST /api/books/{}/copies", 400, 404, 409)]
    public async Task A_copy_needs_a_barcode_of_its_own_and_a_book()
    {
        var book = await library.NewBookAsync();
        var barcode = await library.NewCopyAsync(book.Isbn);
        var librarian = await library.LibrarianAsync();

        Expect.FieldProblem(await librarian.PostAsync($"{book.Path}/copies", new { branch = "Centro" }));
        Expect.FieldProblem(await librarian.PostAsync($"{book.Path}/copies", new { barcode = " " }));
        Expect.Problem(409, await librarian.PostAsync($"{book.Path}/copies", new { barcode }));
        Expect.Problem(
            409, await librarian.PostAsync($"{(await library.NewBookAsync()).Path}/copies", new { barcode }));
        Expect.Problem(
            404, await librarian.PostAsync($"/api/books/{Any.Isbn13}/copies", new { barcode = Any.Barcode }));
    }

    [Fact]
    [Covers("PATCH /api/copies/{}", 409, 428)]
    public async Task The_place_of_a_copy_changes_for_who_knows_its_version()
    {
        var book = await library.NewBookAsync();
        var path = $"/api/copies/{await library.NewCopyAsync(book.Isbn)}";
        var librarian = await library.LibrarianAsync();
        var before = await librarian.GetAsync(path);

        var unconditional = await librarian.SendAsync(HttpMethod.Patch, path, Body.Json(new { shelfMark = "B 2" }));
        var changed = await librarian.PatchAsync(path, new { shelfMark = "B 2" }, before.ETag);
        var stale = await librarian.PatchAsync(path, new { shelfMark = "C 3" }, before.ETag);

        Expect.Problem(428, unconditional);
        Assert.Equal("B 2", Expect.Status(200, changed).Json.Text("shelfMark"));
        Assert.NotEqual(before.ETag, changed.ETag);
        Expect.Problem(409, stale);
    }

    [Fact]
    public async Task A_withdrawn_copy_is_not_lent_any_more()
    {
        var book = await library.NewBookAsync();
        var path = $"/api/copies/{await library.NewCopyAsync(book.Isbn)}";
        await library.NewCopyAsync(book.Isbn);
        var librarian = await library.LibrarianAsync();
        var reader = await library.NewReaderAsync();

        Expect.Empty(204, await librarian.DeleteAsync(path, ("If-Match", (await librarian.GetAsync(path)).ETag)));
        await library.LendAsync(reader, book.Isbn);
        var second = await librarian.PostAsync("/api/lendings", new { isbn = book.Isbn, readerNumber = reader.Number });
        var withdrawn = await Eventually.HoldsAsync(
            () => librarian.GetAsync(path), found => found.Status == 404 || found.Json.Text("status") == "withdrawn");

        Expect.Status(403, second);
        Expect.Status([200, 404], withdrawn);
        if (withdrawn.Status == 200)
        {
            Assert.Equal("withdrawn", withdrawn.Json.Text("status"));
        }
    }

    [Fact]
    [Covers("DELETE /api/copies/{}", 409)]
    public async Task A_lent_copy_is_not_withdrawn()
    {
        var book = await library.NewBookAsync();
        var path = $"/api/copies/{await library.NewCopyAsync(book.Isbn)}";
        await library.LendAsync(await library.NewReaderAsync(), book.Isbn);
        var librarian = await library.LibrarianAsync();
        var lent =
            await Eventually.HoldsAsync(() => librarian.GetAsync(path), found => found.Json.Text("status") == "lent");

        var answer = await librarian.DeleteAsync(path, ("If-Match", lent.ETag));

        Expect.Problem(409, answer);
    }

    [Fact]
    [Covers("GET /api/copies/{}", 404)]
    [Covers("PATCH /api/copies/{}", 404)]
    [Covers("DELETE /api/copies/{}", 404)]
    public async Task An_unknown_copy_is_not_found()
    {
        var path = $"/api/copies/{Any.Barcode}";
        var librarian = await library.LibrarianAsync();

        Expect.Problem(404, await librarian.GetAsync(path));
        Expect.Problem(404, await librarian.PatchAsync(path, new { shelfMark = "A 1" }, "\"0\""));
        Expect.Problem(404, await librarian.DeleteAsync(path, ("If-Match", "\"0\"")));
    }

    [Fact]
    public async Task Librarians_see_who_has_a_copy_and_readers_do_not()
    {
        var book = await library.NewBookAsync();
        var barcode = await library.NewCopyAsync(book.Isbn);
        var holder = await library.NewReaderAsync();
        var lending = await library.LendAsync(holder, book.Isbn);
        var librarian = await library.LibrarianAsync();
        var reader = (await library.ReaderAsync()).Api;

        var seen = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"/api/copies/{barcode}"), found => found.Json.Text("status") == "lent");
        var shown = await Eventually.HoldsAsync(
            () => reader.GetAsync($"/api/copies/{barcode}"), found => found.Json.Text("status") == "lent");

        ExpectCopy(Expect.Status(200, seen).Json, barcode, book.Isbn, "lent");
        Assert.Equal(lending.Number, seen.Json.Text("lendingNumber"));
        Assert.Equal(holder.Number, seen.Json.Text("readerNumber"));
        ExpectCopy(Expect.Status(200, shown).Json, barcode, book.Isbn, "lent");
        Assert.DoesNotContain(holder.Number, shown.Json.AllTexts());
        Assert.DoesNotContain(lending.Number, shown.Json.AllTexts());
    }

    [Fact]
    public async Task With_registered_copies_only_as_many_are_lent()
    {
        var book = await library.NewBookAsync();
        await library.NewCopyAsync(book.Isbn);
        var holder = await library.NewReaderAsync();
        var lending = await library.LendAsync(holder, book.Isbn);
        var librarian = await library.LibrarianAsync();
        var lend = new { isbn = book.Isbn, readerNumber = (await library.NewReaderAsync()).Number };

        var refused = await librarian.PostAsync("/api/lendings", lend);
        Expect.Status(200, await holder.Api.PatchAsync(lending.Path, new { }, lending.ETag));
        var accepted = await librarian.PostAsync("/api/lendings", lend);

        var details = Expect.Error(403, "Lending forbidden!", refused);
        Assert.Equal("No copy available", Assert.Single(details.EnumerateArray()).GetString());
        Expect.Status(201, accepted);
    }

    [Fact]
    public async Task The_copy_on_the_counter_is_the_one_that_is_lent()
    {
        var book = await library.NewBookAsync();
        var other = await library.NewCopyAsync(book.Isbn);
        var barcode = await library.NewCopyAsync(book.Isbn);
        var reader = await library.NewReaderAsync();
        var librarian = await library.LibrarianAsync();

        Expect.Status(201, await librarian.PostAsync(
            "/api/lendings", new { isbn = book.Isbn, readerNumber = reader.Number, barcode }));
        var again = await librarian.PostAsync(
            "/api/lendings", new { isbn = book.Isbn, readerNumber = reader.Number, barcode });

        var lent = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"/api/copies/{barcode}"), found => found.Json.Text("status") == "lent");
        Assert.Equal("lent", lent.Json.Text("status"));
        Assert.Equal("available", (await librarian.GetAsync($"/api/copies/{other}")).Json.Text("status"));
        Expect.Error(403, "Lending forbidden!", again);
    }

    [Fact]
    public async Task Of_many_who_want_the_last_copy_at_once_exactly_one_gets_it()
    {
        var book = await library.NewBookAsync();
        await library.NewCopyAsync(book.Isbn);
        var readers = new List<AReader>();
        for (var index = 0; index < 5; index++)
        {
            readers.Add(await library.NewReaderAsync());
        }

        var librarian = await library.LibrarianAsync();

        var answers = await Task.WhenAll(readers.Select(reader =>
            librarian.PostAsync("/api/lendings", new { isbn = book.Isbn, readerNumber = reader.Number })));

        Assert.Single(answers, answer => answer.Status == 201);
        Assert.All(answers, answer => Expect.Status([201, 403], answer));
    }

    private static void ExpectCopy(JsonElement copy, string barcode, string isbn, string status)
    {
        Assert.Equal(barcode, copy.Text("barcode"));
        Assert.Equal(isbn, copy.Text("isbn"));
        Assert.Equal(status, copy.Text("status"));
        Assert.Contains("branch", copy.Names());
        Assert.Contains("shelfMark", copy.Names());
    }
}
