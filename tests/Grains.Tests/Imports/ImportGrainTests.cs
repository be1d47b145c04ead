using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Books;

namespace Lms.Grains.Tests.Imports;

public sealed class ImportGrainTests(ClusterFixture fixture) : ImportTest(fixture)
{
    [Fact]
    public async Task Every_record_ends_as_one_thing()
    {
        var (known, fresh, twice) = (Any.Isbn, Any.Isbn, Any.Isbn);
        await ImportAsync(Table(Row(known, "Velho")));

        var import = await ImportAsync(Table(
            Row(fresh, "Novo"), Row(known, "Velho"), Row(twice, "Um"), Row(twice, "Dois"), Row(Any.Isbn, ""), Row(twice, "Um")));

        Assert.Equal(ImportStatus.Done, import.Status);
        Assert.Equal((6, 2, 1, 2, 1), (import.Read, import.Created, import.Updated, import.Unchanged, import.Failed));
        AssertAddsUp(import);
        Assert.Equal("Dois", (await BookAsync(twice))!.Title);
        var failure = Assert.Single(await NotesAsync(import, ImportNotes.Failed));
        Assert.Equal((5, "title-missing"), (failure.Record, failure.Code));
        Assert.NotNull(import.StartedAt);
        Assert.NotNull(import.FinishedAt);
    }

    [Fact]
    public async Task The_same_file_again_changes_nothing()
    {
        var isbns = Enumerable.Range(0, 120).Select(_ => Any.Isbn).ToList();
        var name = $"Autor {Any.Number}";
        var table = Table([.. isbns.Select((isbn, index) => Row(isbn, $"Livro {index}", name)), Row(null, $"Sem número {name}", name)]);
        var first = await ImportAsync(table);
        var books = Storage.Writes.Count(write => write.State == BookState.Name);

        var second = await ImportAsync(table);

        Assert.Equal((121, 121), (first.Read, first.Created));
        Assert.Equal((121, 121), (second.Read, second.Unchanged));
        Assert.Equal(books, Storage.Writes.Count(write => write.State == BookState.Name));
        Assert.Equal(1, AuthorsNamed(name));
    }

    [Fact]
    public async Task A_changed_record_changes_its_book()
    {
        var isbn = Any.Isbn;
        await ImportAsync(Table(Row(isbn, "Antes", "Ana")));

        var import = await ImportAsync(Table(Row(isbn, "Depois", "Rui; Ana")));

        Assert.Equal((1, 1), (import.Read, import.Updated));
        Assert.Equal(("Depois", 1), ((await BookAsync(isbn))!.Title, (await BookAsync(isbn))!.Version));
        Assert.Equal(["Rui", "Ana"], await AuthorsAsync(isbn));
    }

    [Fact]
    public async Task What_a_librarian_changed_survives_the_import_of_the_same_record()
    {
        var isbn = Any.Isbn;
        await ImportAsync(Table(Row(isbn, "Antes")));
        await Grains.Book(isbn).ChangeAsync(new(Any.Operation, 0, "Emendado", null, null, null, null), Token);

        var import = await ImportAsync(Table(Row(isbn, "Antes")));

        Assert.Equal(1, import.Unchanged);
        Assert.Equal(("Emendado", 1), ((await BookAsync(isbn))!.Title, (await BookAsync(isbn))!.Version));
    }

    [Fact]
    public async Task A_record_without_isbn_gets_a_local_number_and_keeps_it()
    {
        var (title, source) = ($"Folheto {Any.Number}", $"Fonte {Any.Number}");
        await ImportAsync(Table(Row(null, title, id: "7")), source);
        var isbn = Local(title);

        var import = await ImportAsync(Table(Row(null, $"{title} nova edição", id: "7")), source);

        Assert.True(isbn.IsLocal);
        Assert.Equal(1, import.Updated);
        Assert.Equal($"{title} nova edição", (await BookAsync(isbn))!.Title);
    }

    [Fact]
    public async Task Records_of_two_sources_with_one_number_are_two_books()
    {
        var title = $"Folheto {Any.Number}";
        await ImportAsync(Table(Row(null, title, id: "7")), $"Fonte {Any.Number}");

        var import = await ImportAsync(Table(Row(null, title, id: "7")), $"Fonte {Any.Number}");

        Assert.Equal(1, import.Created);
    }

    [Fact]
    public async Task Notes_fill_one_page_after_another()
    {
        // Two in three fail, so that batches and pages end in different places.
        var rows = Enumerable.Range(1, 330).Select(number => number % 3 == 0 ? Row(Any.Isbn, "Bom") : Row(Any.Isbn, "")).ToList();

        var import = await ImportAsync(Table(rows));

        AssertAddsUp(import);
        Assert.Equal((330, 110, 220), (import.Read, import.Created, import.Failed));
        var pages = new[] { await NotesAsync(import, ImportNotes.Failed, 0), await NotesAsync(import, ImportNotes.Failed, 1), await NotesAsync(import, ImportNotes.Failed, 2) };
        Assert.Equal([100, 100, 20], pages.Select(page => page.Length));
        Assert.Equal(Enumerable.Range(1, 330).Where(number => number % 3 != 0), pages.SelectMany(page => page).Select(note => note.Record));
        Assert.Empty(await NotesAsync(import, ImportNotes.Failed, 3));
    }

    [Fact]
    public async Task Warnings_are_noted_beside_the_book()
    {
        var isbn = Any.Isbn;

        var import = await ImportAsync(Table($"{isbn};9780306406158,Um,Ana,Romance,"));

        Assert.Equal((1, 1), (import.Created, import.Warnings));
        var warning = Assert.Single(await NotesAsync(import, ImportNotes.Warnings));
        Assert.Equal((1, "isbn-invalid"), (warning.Record, warning.Code));
    }

    [Fact]
    public async Task A_paused_import_rests_until_it_is_continued()
    {
        var grain = await StartAsync(Table(Enumerable.Range(0, 150).Select(number => Row(Any.Isbn, $"Livro {number}"))));

        var paused = await grain.PauseAsync(Any.Operation, Token);
        Advance(TimeSpan.FromMinutes(5));
        await grain.ResumeAsync(Token);
        Advance(TimeSpan.FromMinutes(1));
        var later = await grain.GetAsync(Token);
        Assert.Equal(ImportStatus.Paused, paused.Value!.Status);
        Assert.Equal(paused.Value, later.Value);
        Assert.NotNull(await Uploads.OpenAsync(later.Value!.Source.Upload, Token));

        Assert.Equal(ImportStatus.Queued, (await grain.ContinueAsync(Any.Operation, Token)).Value!.Status);
        var done = await UntilAsync(grain, import => !import.IsUnfinished);

        Assert.Equal((ImportStatus.Done, 150, 150), (done.Status, done.Read, done.Created));
    }

    [Fact]
    public async Task An_import_that_is_paused_half_way_goes_on_where_it_was()
    {
        var isbns = Enumerable.Range(0, 250).Select(_ => Any.Isbn).ToList();
        var grain = await StartAsync(Table(isbns.Select(isbn => Row(isbn, "Livro"))));
        await UntilAsync(grain, import => import.Read >= 100);
        await grain.PauseAsync(Any.Operation, Token);
        var paused = (await grain.GetAsync(Token)).Value!;
        await Cluster.ForgetAsync(grain);

        await grain.ContinueAsync(Any.Operation, Token);
        var done = await UntilAsync(grain, import => !import.IsUnfinished);

        Assert.Equal((ImportStatus.Paused, true), (paused.Status, paused.Read is >= 100 and <= 250));
        Assert.Equal((250, 250), (done.Read, done.Created));
        Assert.All(await Task.WhenAll(isbns.Select(BookAsync)), Assert.NotNull);
    }

    [Fact]
    public async Task A_cancelled_import_stops_for_good_and_drops_its_file()
    {
        var upload = Upload;
        await Uploads.StoreAsync(upload, Bytes(Table(Enumerable.Range(0, 250).Select(_ => Row(Any.Isbn, "Livro")))), Token);
        var grain = await StartAsync(new ImportSource(upload, CatalogueFormat.Csv));

        var cancelled = await grain.CancelAsync(Any.Operation, Token);
        Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(ImportStatus.Cancelled, cancelled.Value!.Status);
        Assert.NotNull(cancelled.Value.FinishedAt);
        Assert.Null(await Uploads.OpenAsync(upload, Token));
        Assert.Equal(ImportRejections.Finished, (await grain.ContinueAsync(Any.Operation, Token)).Rejection);
        Assert.Equal(cancelled.Value, (await grain.CancelAsync(Any.Operation, Token)).Value);
        Assert.Equal(cancelled.Value.Read, (await grain.GetAsync(Token)).Value!.Read);
    }

    [Fact]
    public async Task An_import_that_is_done_drops_its_file_and_is_past_cancelling()
    {
        var grain = await StartAsync(Table(Row(Any.Isbn, "Livro")));
        var done = await UntilAsync(grain, import => import.Status == ImportStatus.Done);

        Assert.Equal(ImportRejections.Finished, (await grain.CancelAsync(Any.Operation, Token)).Rejection);
        Assert.Null(await Uploads.OpenAsync(done.Source.Upload, Token));
    }

    [Fact]
    public async Task An_import_whose_file_is_gone_fails()
    {
        var import = await UntilAsync(
            await StartAsync(new ImportSource(Upload, CatalogueFormat.Csv)), import => !import.IsUnfinished);

        Assert.Equal((ImportStatus.Failed, "The uploaded file is gone."), (import.Status, import.Problem));
        Assert.NotNull(import.FinishedAt);
    }

    [Fact]
    public async Task An_import_whose_file_loses_its_end_fails_and_tells_what_it_did()
    {
        var upload = Upload;
        var title = new string('a', 2000);
        await Uploads.StoreAsync(upload, Bytes(Table(Enumerable.Range(0, 300).Select(_ => Row(Any.Isbn, title)))), Token);
        await Grains.UploadChunk(upload, 2).DiscardAsync(Token);

        var import = await UntilAsync(
            await StartAsync(new ImportSource(upload, CatalogueFormat.Csv)), import => !import.IsUnfinished);

        Assert.Equal((ImportStatus.Failed, "The uploaded file is gone."), (import.Status, import.Problem));
        AssertAddsUp(import);
    }

    [Fact]
    public async Task A_repeated_start_begins_one_import()
    {
        var upload = Upload;
        await Uploads.StoreAsync(upload, Bytes(Table(Row(Any.Isbn, "Livro"))), Token);
        var (grain, operation) = (Grains.Import(ImportId.New()), Any.Operation);

        var first = await grain.StartAsync(operation, new(upload, CatalogueFormat.Csv), Token);
        var second = await grain.StartAsync(operation, new("another", CatalogueFormat.Marc21), Token);

        Assert.Equal((upload, upload), (first.Value!.Source.Upload, second.Value!.Source.Upload));
        Assert.Equal(1, (await UntilAsync(grain, import => !import.IsUnfinished)).Created);
    }

    [Fact]
    public async Task An_unknown_import_is_unknown()
    {
        var id = ImportId.New();

        Assert.Equal(ImportRejections.Unknown(id), (await Grains.Import(id).GetAsync(Token)).Rejection);
        Assert.Equal(ImportRejections.Unknown(id), (await Grains.Import(id).CancelAsync(Any.Operation, Token)).Rejection);
    }

    [Fact]
    public async Task Two_imports_of_one_file_at_once_make_each_book_once()
    {
        var isbns = Enumerable.Range(0, 150).Select(_ => Any.Isbn).ToList();
        var name = $"Autora {Any.Number}";
        var table = Table(isbns.Select(isbn => Row(isbn, "Livro", name)));

        var grains = await Task.WhenAll(StartAsync(table), StartAsync(table));
        var imports = new List<Import>();
        foreach (var grain in grains)
        {
            imports.Add(await UntilAsync(grain, import => !import.IsUnfinished));
        }

        Assert.Equal(150, imports.Sum(import => import.Created));
        Assert.Equal(150, imports.Sum(import => import.Unchanged));
        Assert.Equal(1, AuthorsNamed(name));
        Assert.All(await Task.WhenAll(isbns.Select(BookAsync)), book => Assert.Equal(0, book!.Version));
    }

    private static MemoryStream Bytes(string text) => new(System.Text.Encoding.UTF8.GetBytes(text));

    private Isbn Local(string title) => Storage.All<BookState>(BookState.Name)
        .Single(book => book.State.Book?.Title == title).State.Book!.Isbn;
}
