using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Lms.Contract.Tests;

/// <summary>Sends catalogue files and waits for what becomes of them.</summary>
internal static class Importing
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly string[] s_outcomes = ["created", "updated", "unchanged", "skipped", "failed"];

    public static HttpContent File(byte[] content)
    {
        var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return body;
    }

    public static HttpContent Form(byte[] content, string fileName, string part = "file")
    {
        var form = new MultipartFormDataContent();
        form.Add(new StringContent("ignored"), "\"note\"");
        form.Add(File(content), $"\"{part}\"", $"\"{fileName}\"");
        return form;
    }

    /// <summary>The import as it is when it is over.</summary>
    public static async Task<JsonElement> ImportAsync(this Library library, byte[] content, string query = "")
    {
        var librarian = await library.LibrarianAsync();
        var accepted = Expect.Status(202, await librarian.PostAsync("/api/imports" + query, File(content)));
        return await library.OverAsync(accepted.Json.Text("id")!);
    }

    public static Task<JsonElement> ImportAsync(this Library library, string csv, string query = "") =>
        library.ImportAsync(Catalogues.Bytes(csv), query);

    public static async Task<JsonElement> OverAsync(this Library library, string id)
    {
        var librarian = await library.LibrarianAsync();
        var answer = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"/api/imports/{id}"),
            import => import.Json.Text("state") is "done" or "cancelled" or "failed",
            s_patience);
        return Expect.Status(200, answer).Json;
    }

    /// <summary>created, updated, unchanged, skipped, failed, warnings.</summary>
    public static string Counts(this JsonElement import)
    {
        var counts = s_outcomes.Select(name => import.Count(name)).ToList();
        Assert.Equal("done", import.Text("state"));
        Assert.Equal(import.Count("read"), counts.Sum());
        return string.Join(' ', counts.Append(import.Count("warnings")));
    }

    public static int Count(this JsonElement import, string name) => import.GetProperty(name).GetInt32();
}

public sealed class ImportTests(LibraryFixture library)
{
    private const string Imports = "/api/imports";

    private static string[] ViewMembers =>
    [
        "id", "state", "format", "fileName", "read", "created", "updated", "unchanged", "skipped", "failed", "warnings", "problem",
        "queuedAt", "startedAt", "finishedAt",
    ];

    public static TheoryData<string, bool> Formats => new()
    {
        { "marc21", false }, { "marc21", true }, { "marcxml", false }, { "marcxml", true }, { "csv", false }, { "csv", true },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_file_is_known_by_what_is_in_it_and_becomes_books(string format, bool isZipped)
    {
        var (isbn, title, author) = (Any.Isbn13, Any.Title, Any.PersonName);
        var content = Content(format, isbn, title, author);

        var answer = await (await library.LibrarianAsync()).PostAsync(
            Imports, Importing.File(isZipped ? Catalogues.Gzip(content) : content));

        var accepted = Expect.Status(202, answer).Json;
        Expect.Members(accepted, ViewMembers);
        Assert.Equal(format, accepted.Text("format"));
        Assert.EndsWith($"{Imports}/{accepted.Text("id")}", answer.Location, StringComparison.Ordinal);
        var import = await library.OverAsync(accepted.Text("id")!);
        Assert.Equal("1 0 0 0 0 0", import.Counts());
        Assert.False(import.IsNull("startedAt"));
        Assert.False(import.IsNull("finishedAt"));
        var book = Expect.Status(200, await (await library.LibrarianAsync()).GetAsync($"/api/books/{isbn}"));
        BooksTests.ExpectBookView(book.Json);
        Assert.Equal((title, "\"0\""), (book.Json.Text("title"), book.ETag));
        Assert.Equal([author], book.Json.GetProperty("authors").EnumerateArray().Select(name => name.GetString()!));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task The_same_file_again_changes_nothing(string format, bool isZipped)
    {
        var content = Content(format, Any.Isbn13, Any.Title, Any.PersonName);
        content = isZipped ? Catalogues.Gzip(content) : content;
        await library.ImportAsync(content);

        Assert.Equal("0 0 1 0 0 0", (await library.ImportAsync(content)).Counts());
    }

    [Fact]
    public async Task A_form_has_the_file_in_its_part_called_file()
    {
        var isbn = Any.Isbn13;
        var librarian = await library.LibrarianAsync();

        var answer = await librarian.PostAsync(
            Imports, Importing.Form(Catalogues.Bytes(Catalogues.Csv(Catalogues.Row(isbn, Any.Title))), "livros.csv"));

        Assert.Equal("livros.csv", Expect.Status(202, answer).Json.Text("fileName"));
        Assert.Equal("1 0 0 0 0 0", (await library.OverAsync(answer.Json.Text("id")!)).Counts());
        Expect.Status(200, await librarian.GetAsync($"/api/books/{isbn}"));
    }

    [Fact]
    [Covers("POST /api/imports", 400)]
    public async Task A_form_without_the_file_is_refused() => await ExpectNoImportAsync(
        Importing.Form(Catalogues.Bytes("title\nA\n"), "livros.csv", part: "photo"), "", 400, "file-missing");

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n")]
    [InlineData("author\nEça\n")]
    public async Task A_file_in_which_no_book_can_be_is_refused(string content) =>
        await ExpectNoImportAsync(Importing.File(Catalogues.Bytes(content)), "", 400, "file-invalid");

    [Theory]
    [InlineData("%PDF-1.7 xxxxxxxx")]
    [InlineData("PK\u0003\u0004xxxxxxxx")]
    [InlineData("<!DOCTYPE html><html></html>")]
    [Covers("POST /api/imports", 415)]
    public async Task A_file_of_another_kind_is_refused(string content) =>
        await ExpectNoImportAsync(Importing.File(Catalogues.Bytes(content)), "", 415, "file-type-unknown");

    [Fact]
    public async Task Broken_gzip_is_refused() => await ExpectNoImportAsync(
        Importing.File([0x1F, 0x8B, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), "", 400, "file-invalid");

    [Theory]
    [InlineData("marc21")]
    [InlineData("marcxml")]
    public async Task A_claim_that_the_file_belies_is_refused(string format) => await ExpectNoImportAsync(
        Importing.File(Catalogues.Bytes("title\nA\n")), $"?format={format}", 400, "file-invalid");

    [Theory]
    [InlineData("?format=xls", "format-unknown")]
    [InlineData("?authorSeparator=", "parameter-too-long")]
    [InlineData("?map=title=Nada", "file-invalid")]
    public async Task A_wish_that_cannot_be_is_refused(string query, string code) =>
        await ExpectNoImportAsync(Importing.File(Catalogues.Bytes("title\nA\n")), query, 400, code);

    [Fact]
    [Covers("POST /api/imports", 413)]
    public async Task A_file_of_more_than_a_gibibyte_is_refused_unseen()
    {
        var answer = await (await library.LibrarianAsync()).PostAsync(Imports, new Claim((1L << 30) + 1), ("Expect", "100-continue"));

        Expect.Problem(413, answer);
    }

    [Fact]
    [Covers("POST /api/imports", 422)]
    public async Task A_key_is_for_one_file()
    {
        var (librarian, key) = (await library.LibrarianAsync(), ("Idempotency-Key", Any.Key));
        var content = Catalogues.Bytes(Catalogues.Csv(Catalogues.Row(Any.Isbn13, Any.Title)));

        var first = Expect.Status(202, await librarian.PostAsync(Imports, Importing.File(content), key));
        var again = Expect.Status(202, await librarian.PostAsync(Imports, Importing.File(content), key));
        var other = await librarian.PostAsync(
            Imports, Importing.File(Catalogues.Bytes(Catalogues.Csv(Catalogues.Row(Any.Isbn13, Any.Title)))), key);

        // Another gateway may have answered, and locations begin with the host that was asked.
        Assert.Equal(
            (first.Json.Text("id"), new Uri(first.Location!).AbsolutePath), (again.Json.Text("id"), new Uri(again.Location!).AbsolutePath));
        Expect.Problem(422, other);
        Assert.Equal("1 0 0 0 0 0", (await library.OverAsync(first.Json.Text("id")!)).Counts());
    }

    [Fact]
    public async Task Each_record_ends_as_one_thing_and_notes_tell_which()
    {
        var isbn = Any.Isbn13;
        var content = Catalogues.Iso2709(
            Catalogues.Book(Any.Title, Marc.Data("020", "  ", "a" + isbn)),
            Catalogues.Book("", Marc.Data("020", "  ", "a" + Any.Isbn13)));
        byte[] map = Catalogues.Iso2709(Catalogues.Book("Mapa"), type: 'e');

        var import = await library.ImportAsync([.. content, .. map]);

        Assert.Equal("1 0 0 1 1 0", import.Counts());
        var failure = Assert.Single((await NotesAsync(import, "")).Items);
        Expect.Members(failure, "record", "offset", "code", "detail");
        Assert.Equal((2, "title-missing"), (failure.Count("record"), failure.Text("code")));
        var skipped = Assert.Single((await NotesAsync(import, "?kind=skipped")).Items);
        Assert.Equal((3, "not-a-book", content.Length), (skipped.Count("record"), skipped.Text("code"), skipped.Count("offset")));
        Assert.Empty((await NotesAsync(import, "?kind=warnings")).Items);
    }

    [Fact]
    public async Task Notes_are_paged_over_all_their_pages()
    {
        var import = await library.ImportAsync(Catalogues.Csv([.. Enumerable.Range(0, 230).Select(_ => Catalogues.Row("", ""))]));

        Assert.Equal("0 0 0 0 230 0", import.Counts());
        foreach (var (page, limit, first, last) in new[] { (1, 20, 1, 20), (2, 70, 71, 140), (3, 70, 141, 210), (3, 100, 201, 230), (5, 60, 0, 0) })
        {
            var answer = await NotesAsync(import, string.Create(CultureInfo.InvariantCulture, $"?page={page}&limit={limit}"));
            Assert.Equal((page, limit, 230), (answer.Json.Count("page"), answer.Json.Count("limit"), answer.Json.Count("total")));
            Assert.Equal(
                first == 0 ? [] : Enumerable.Range(first, last - first + 1), answer.Items.Select(note => note.Count("record")));
        }
    }

    [Theory]
    [InlineData("?kind=all")]
    [InlineData("?limit=101")]
    [InlineData("?page=0")]
    [Covers("GET /api/imports/{}/failures", 400)]
    public async Task A_page_that_cannot_be_is_refused(string query) => Expect.Problem(
        400, await (await library.LibrarianAsync()).GetAsync($"{Imports}/{Guid.NewGuid():N}/failures{query}"));

    [Theory]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("none")]
    [Covers("GET /api/imports/{}", 404)]
    [Covers("DELETE /api/imports/{}", 404)]
    [Covers("POST /api/imports/{}/pause", 404)]
    [Covers("POST /api/imports/{}/resume", 404)]
    [Covers("GET /api/imports/{}/failures", 404)]
    public async Task What_was_never_imported_is_not_found(string id)
    {
        var librarian = await library.LibrarianAsync();

        Expect.Problem(404, await librarian.GetAsync($"{Imports}/{id}"), "import-unknown");
        Expect.Problem(404, await librarian.DeleteAsync($"{Imports}/{id}"), "import-unknown");
        Expect.Problem(404, await librarian.SendAsync(HttpMethod.Post, $"{Imports}/{id}/pause"), "import-unknown");
        Expect.Problem(404, await librarian.SendAsync(HttpMethod.Post, $"{Imports}/{id}/resume"), "import-unknown");
        Expect.Problem(404, await librarian.GetAsync($"{Imports}/{id}/failures"), "import-unknown");
        Expect.Empty(404, await librarian.HeadAsync($"{Imports}/{id}"));
    }

    [Fact]
    [Covers("DELETE /api/imports/{}", 409)]
    [Covers("POST /api/imports/{}/pause", 409)]
    [Covers("POST /api/imports/{}/resume", 409)]
    public async Task What_is_done_is_past_stopping()
    {
        var librarian = await library.LibrarianAsync();
        var path = $"{Imports}/{(await library.ImportAsync(Catalogues.Csv(Catalogues.Row(Any.Isbn13, Any.Title)))).Text("id")}";

        Expect.Problem(409, await librarian.DeleteAsync(path), "import-finished");
        Expect.Problem(409, await librarian.SendAsync(HttpMethod.Post, $"{path}/pause"), "import-finished");
        Expect.Problem(409, await librarian.SendAsync(HttpMethod.Post, $"{path}/resume"), "import-finished");
        Expect.Empty(200, await librarian.HeadAsync(path));
    }

    [Fact]
    public async Task An_import_can_be_paused_and_resumed_and_cancelled()
    {
        var librarian = await library.LibrarianAsync();
        var started = Expect.Status(202, await librarian.PostAsync(Imports, Importing.File(Catalogues.Bytes(Catalogues.Long()))));
        var path = $"{Imports}/{started.Json.Text("id")}";

        var paused = Expect.Status(200, await librarian.SendAsync(HttpMethod.Post, $"{path}/pause")).Json;
        var resumed = Expect.Status(200, await librarian.SendAsync(HttpMethod.Post, $"{path}/resume")).Json;
        var cancelled = Expect.Status(200, await librarian.DeleteAsync(path)).Json;
        var again = Expect.Status(200, await librarian.DeleteAsync(path)).Json;
        var listed = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"{Imports}?limit=100"),
            list => list.Items.Any(import => import.Text("id") == started.Json.Text("id")));

        Assert.Equal("paused", paused.Text("state"));
        Assert.Contains(resumed.Text("state"), (string[])["queued", "running"]);
        Assert.Equal("cancelled", cancelled.Text("state"));
        Assert.False(cancelled.IsNull("finishedAt"));
        Assert.Equal(cancelled.GetRawText(), again.GetRawText());
        Assert.True(cancelled.Count("read") < 3000);
        Assert.Contains(listed.Items, import => import.Text("id") == started.Json.Text("id"));
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?page=0")]
    [Covers("GET /api/imports", 400)]
    public async Task A_list_has_pages(string query) =>
        Expect.Problem(400, await (await library.LibrarianAsync()).GetAsync(Imports + query));

    [Fact]
    public async Task The_newest_import_comes_first()
    {
        var id = (await library.ImportAsync(Catalogues.Csv(Catalogues.Row(Any.Isbn13, Any.Title)))).Text("id");
        var newer = (await library.ImportAsync(Catalogues.Csv(Catalogues.Row(Any.Isbn13, Any.Title)))).Text("id");
        var librarian = await library.LibrarianAsync();

        var listed = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"{Imports}?limit=100"), answer => answer.Items.Any(import => import.Text("id") == newer));

        var ids = listed.Items.Select(import => import.Text("id")).ToList();
        Assert.InRange(ids.IndexOf(newer), 0, ids.IndexOf(id) - 1);
        Assert.True(listed.Json.Count("total") >= 2);
    }

    [Fact]
    public async Task A_map_names_columns_and_a_separator_parts_authors()
    {
        var (isbn, title) = (Any.Isbn13, Any.Title);

        var import = await library.ImportAsync(
            $"EAN;Nome do livro;Quem\n{isbn};{title};Ana Bela/Rui Sol\n",
            "?format=csv&map=title%3DNome%20do%20livro%3Bisbn%3DEAN%3Bauthors%3DQuem&authorSeparator=%2F");

        Assert.Equal("1 0 0 0 0 0", import.Counts());
        var book = (await (await library.LibrarianAsync()).GetAsync($"/api/books/{isbn}")).Json;
        Assert.Equal(title, book.Text("title"));
        Assert.Equal(
            ["Ana Bela", "Rui Sol"], book.GetProperty("authors").EnumerateArray().Select(name => name.GetString()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Records_of_another_source_are_other_books()
    {
        var (csv, key) = (Catalogues.Csv(Catalogues.Row("", Any.Title, id: "7")), Any.Key);

        var porto = await library.ImportAsync(csv, $"?source=Porto{key}");
        var lisbon = await library.ImportAsync(csv, $"?source=Lisboa{key}");
        var again = await library.ImportAsync(csv, $"?source=Porto{key}");

        Assert.Equal("1 0 0 0 0 0", porto.Counts());
        Assert.Equal("1 0 0 0 0 0", lisbon.Counts());
        Assert.Equal("0 0 1 0 0 0", again.Counts());
    }

    [Fact]
    public async Task A_further_isbn_finds_lends_and_changes_the_book_and_is_no_room_for_another()
    {
        var (isbn, alias, title) = (Any.Isbn13, Any.Isbn13, Any.Title);
        await library.ImportAsync(Catalogues.Iso2709(Catalogues.Book(
            title, Marc.Data("020", "  ", "a" + isbn), Marc.Data("020", "  ", "a" + alias))));
        var librarian = await library.LibrarianAsync();

        var found = Expect.Status(200, await librarian.GetAsync($"/api/books/{alias}"));
        var reader = await library.NewReaderAsync();
        var lent = await library.LendAsync(reader, alias);
        var put = await librarian.PutAsync($"/api/books/{alias}", Body.Form(
            ("title", Any.Title), ("genre", await library.GenreAsync()), ("authors[]", (await library.AuthorAsync()).Number)));
        var patched = await librarian.PatchAsync($"/api/books/{alias}", Body.Form(("title", "Emendado")), found.ETag);

        Assert.Equal((isbn, title), (found.Json.Text("isbn"), found.Json.Text("title")));
        Assert.Equal(title, lent.View.Text("bookTitle"));
        Assert.Contains(put.Status, (int[])[400, 409]);
        Assert.Equal("Emendado", Expect.Status(200, patched).Json.Text("title"));
        var book = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"/api/books/{isbn}"), answer => answer.Json.Text("title") == "Emendado");
        Assert.Equal("\"1\"", book.ETag);
    }

    [Fact]
    public async Task What_a_librarian_changed_survives_the_same_record_and_gives_way_to_another()
    {
        var (isbn, title) = (Any.Isbn13, Any.Title);
        var librarian = await library.LibrarianAsync();
        await library.ImportAsync(Catalogues.Csv(Catalogues.Row(isbn, title)));
        Expect.Status(200, await librarian.PatchAsync($"/api/books/{isbn}", Body.Form(("title", "Emendado")), "\"0\""));

        Assert.Equal("0 0 1 0 0 0", (await library.ImportAsync(Catalogues.Csv(Catalogues.Row(isbn, title)))).Counts());
        Assert.Equal("Emendado", (await librarian.GetAsync($"/api/books/{isbn}")).Json.Text("title"));

        Assert.Equal("0 1 0 0 0 0", (await library.ImportAsync(Catalogues.Csv(Catalogues.Row(isbn, $"{title} bis")))).Counts());
        var changed = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"/api/books/{isbn}"), answer => answer.Json.Text("title") == $"{title} bis");
        Assert.Equal("\"2\"", changed.ETag);
    }

    [Fact]
    public async Task An_author_who_is_there_is_not_made_again_whatever_the_spelling()
    {
        var author = await library.NewAuthorAsync();
        var librarian = await library.LibrarianAsync();

        await library.ImportAsync(Catalogues.Csv(
            Catalogues.Row(Any.Isbn13, Any.Title, author.Name), Catalogues.Row(Any.Isbn13, Any.Title, author.Name.ToUpperInvariant())));

        var found = await librarian.GetAsync($"/api/authors?name={Uri.EscapeDataString(author.Name)}");
        Assert.Single(Expect.Status(200, found).Items);
    }

    [Fact]
    public async Task An_imported_author_may_have_a_name_that_no_form_lets_in_and_keeps_it_when_the_bio_changes()
    {
        var name = $"{Any.Word} & Filhos (1900-1980)";
        await library.ImportAsync(Catalogues.Csv(Catalogues.Row(Any.Isbn13, Any.Title, name)));
        var librarian = await library.LibrarianAsync();
        var found = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"/api/authors?name={Uri.EscapeDataString(name)}"), answer => answer.Items.Count > 0);
        var number = Assert.Single(found.Items).GetProperty("authorNumber").GetInt64();
        var path = string.Create(CultureInfo.InvariantCulture, $"/api/authors/{number}");

        var patched = await librarian.PatchAsync(path, Body.Form(("bio", "Editores.")), (await librarian.GetAsync(path)).ETag);

        Assert.Equal((name, "Editores."), (Expect.Status(200, patched).Json.Text("name"), patched.Json.Text("bio")));
    }

    [Fact]
    public async Task A_form_that_ends_too_early_is_refused()
    {
        const string Boundary = "fronteira";
        var body = new ByteArrayContent(Catalogues.Bytes(
            $"--{Boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\ntitle\nA\n"));
        body.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={Boundary}");

        await ExpectNoImportAsync(body, "", 400, code: null);
    }

    private static byte[] Content(string format, string isbn, string title, string author)
    {
        Marc[] book = Catalogues.Book(
            title, Marc.Data("020", "  ", "a" + isbn), Marc.Data("100", "0 ", "a" + author), Marc.Control("001", Any.Word));
        return format switch
        {
            "marc21" => Catalogues.Iso2709(book),
            "marcxml" => Catalogues.Bytes(Catalogues.MarcXml(book)),
            _ => Catalogues.Bytes(Catalogues.Csv(Catalogues.Row(isbn, title, author))),
        };
    }

    private async Task<Answer> NotesAsync(JsonElement import, string query) => Expect.Status(
        200, await (await library.LibrarianAsync()).GetAsync($"{Imports}/{import.Text("id")}/failures{query}"));

    private async Task ExpectNoImportAsync(HttpContent content, string query, int status, string? code)
    {
        var (librarian, name) = (await library.LibrarianAsync(), Any.Word);

        var answer = await librarian.PostAsync($"{Imports}{(query.Length == 0 ? "?" : query + "&")}fileName={name}", content);

        var problem = Expect.Problem(status, answer, code);
        Assert.False(string.IsNullOrWhiteSpace(problem.Text("detail")), $"Expected a sentence: {answer}");
        Assert.Null(answer.Header("Location"));
        var listed = Expect.Status(200, await librarian.GetAsync($"{Imports}?limit=100"));
        Assert.DoesNotContain(listed.Items, import => import.Text("fileName") == name);
    }

    /// <summary>Says how long it is and never gets to send it.</summary>
    private sealed class Claim(long length) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            throw new InvalidOperationException("Nobody asked for the body.");

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }
}
