using System.Text;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Authors;
using Lms.Grains.Books;
using Lms.Grains.Genres;
using Lms.Grains.Imports;

namespace Lms.Grains.Tests.Imports;

/// <summary>Wherever an import is cut short, every record ends exactly once and the counts add up.</summary>
public sealed class ImportCrashTests(ClusterFixture fixture) : ImportTest(fixture)
{
    private static readonly TimeSpan s_pastGrace = TimeSpan.FromSeconds(11);

    /// <summary>Each write of an import, named by its state and by how many writes of that state come before it.</summary>
    public static TheoryData<string, int, Cut> Steps
    {
        get
        {
            var cases = new TheoryData<string, int, Cut>();
            (string State, int Writes)[] steps =
            [
                (BookState.Name, 5), (AuthorState.Name, 2), (AuthorNameState.Name, 2), (GenreState.Name, 1),
                (LocalNumberState.Name, 1), (ImportNotesState.Name, 2), (UploadChunkState.Name, 2),
            ];
            foreach (var (state, writes) in steps)
            {
                for (var before = 0; before < writes; before++)
                {
                    foreach (var cut in Enum.GetValues<Cut>())
                    {
                        cases.Add(state, before, cut);
                    }
                }
            }

            foreach (var cut in Enum.GetValues<Cut>())
            {
                cases.Add(ImportState.Name, 0, cut); // running
                cases.Add(ImportState.Name, 1, cut); // the cursor
                cases.Add(ImportState.Name, 2, cut); // done
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task An_import_that_was_cut_short_comes_to_the_same_end(string state, int before, Cut cut)
    {
        var (first, alias, second, genre) = (Any.Isbn, Any.Isbn, Any.Isbn, Any.GenreSpelling);
        var (ana, rui, title) = ($"Ana {Any.Number}", $"Rui {Any.Number}", $"Folheto {Any.Number}");
        var grain = await QueueAsync(Table(
            Row(first, "Um", ana, genre).Replace($"{first}", $"{first}; {alias}; 9780306406158", StringComparison.Ordinal),
            Row(second, "Dois", rui, genre),
            Row(Any.Isbn, "", rui, genre),
            Row(null, title, ana, genre)));
        var interruption = Storage.Interrupt(cut, state, key: null, before);

        var import = await UntilAsync(
            grain, import => interruption.Struck.IsCompleted && !import.IsUnfinished, resumes: true);

        Assert.Equal((ImportStatus.Done, 4, 3, 1, 1), (import.Status, import.Read, import.Created, import.Failed, import.Warnings));
        AssertAddsUp(import);
        Assert.Equal([3], (await NotesAsync(import, ImportNotes.Failed)).Select(note => note.Record));
        Assert.Equal([1], (await NotesAsync(import, ImportNotes.Warnings)).Select(note => note.Record));
        Assert.Equal(("Um", 0), ((await BookAsync(first))!.Title, (await BookAsync(first))!.Version));
        Assert.Equal(first, (await BookAsync(alias))?.Isbn);
        Assert.Equal("Dois", (await BookAsync(second))?.Title);
        var local = Assert.Single(Storage.All<BookState>(BookState.Name), book => book.State.Book?.Title == title);
        Assert.Equal([ana], await AuthorsAsync(local.State.Book!.Isbn));
        Assert.Equal((1, 1), (AuthorsNamed(ana), AuthorsNamed(rui)));
        Assert.True((await Grains.Genre(GenreName.Of(genre)).GetAsync(Token)).IsAccepted);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_file_that_cannot_be_read_for_a_moment_is_read_to_its_end(int chunk)
    {
        var isbns = Enumerable.Range(0, 300).Select(_ => Any.Isbn).ToList();
        var title = new string('a', 2000);
        var grain = await QueueAsync(Table(isbns.Select(isbn => Row(isbn, title))));
        var upload = (await grain.GetAsync(Token)).Value!.Source.Upload;

        // The encoding is looked for first, in the whole file.
        var interruption = Storage.FailRead(UploadChunkState.Name, $"{UploadGrains.Prefix}{upload}:{chunk}");
        var import = await UntilAsync(grain, import => !import.IsUnfinished, resumes: true);

        Assert.True(interruption.Struck.IsCompleted);
        Assert.Equal((ImportStatus.Done, 300, 300), (import.Status, import.Read, import.Created));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_half_way_is_read_to_its_end()
    {
        var isbns = Enumerable.Range(0, 300).Select(_ => Any.Isbn).ToList();
        var grain = await QueueAsync(Table(isbns.Select(isbn => Row(isbn, new string('a', 2000)))));
        var upload = (await grain.GetAsync(Token)).Value!.Source.Upload;

        // The first time it is read for the encoding.
        var interruption = Storage.FailRead(UploadChunkState.Name, $"{UploadGrains.Prefix}{upload}:2", skip: 1);
        var half = interruption.Struck.ContinueWith(async _ => (await grain.GetAsync(Token)).Value!.Read, TaskScheduler.Default).Unwrap();
        var import = await UntilAsync(grain, import => !import.IsUnfinished, resumes: true);

        Assert.InRange(await half.WaitAsync(TimeSpan.FromSeconds(30), Token), 100, 299);
        Assert.Equal((ImportStatus.Done, 300, 300), (import.Status, import.Read, import.Created));
    }

    [Fact]
    public async Task An_import_whose_silo_is_lost_is_resumed_by_the_sweeper()
    {
        var isbns = Enumerable.Range(0, 250).Select(_ => Any.Isbn).ToList();
        var grain = await StartAsync(Table(isbns.Select(isbn => Row(isbn, "Livro"))));
        await UntilAsync(grain, import => import.Read >= 100);

        await Cluster.ForgetAsync(grain);
        Advance(s_pastGrace);
        await Cluster.SweepAsync(Token);
        var import = await UntilAsync(grain, import => !import.IsUnfinished);

        Assert.Equal((ImportStatus.Done, 250, 250), (import.Status, import.Read, import.Created));
        Assert.All(await Task.WhenAll(isbns.Select(BookAsync)), Assert.NotNull);
    }

    [Fact]
    public async Task Storage_that_is_away_for_long_delays_an_import_and_loses_nothing()
    {
        var isbns = Enumerable.Range(0, 120).Select(_ => Any.Isbn).ToList();
        var grain = await QueueAsync(Table(isbns.Select(isbn => Row(isbn, "Livro"))));
        var outages = Enumerable.Range(0, 6).Select(index => Storage.Interrupt(
            (Cut)(index % 3), BookState.Name, $"{BookGrains.Prefix}{isbns[index]}")).ToList();

        var import = await UntilAsync(grain, import => !import.IsUnfinished, resumes: true);

        Assert.All(outages, outage => Assert.True(outage.Struck.IsCompleted));
        Assert.Equal((ImportStatus.Done, 120, 120), (import.Status, import.Read, import.Created));
    }

    [Fact]
    public async Task A_crash_between_notes_and_cursor_writes_the_same_notes_to_the_same_places()
    {
        var rows = Enumerable.Range(1, 250).Select(number => number % 2 == 0 ? Row(Any.Isbn, "Bom") : Row(Any.Isbn, ""));
        var grain = await QueueAsync(Table(rows));
        Storage.Interrupt(Cut.WriteFails, ImportState.Name, key: null, skip: 2); // running, one cursor

        var import = await UntilAsync(grain, import => !import.IsUnfinished, resumes: true);

        Assert.Equal((250, 125, 125), (import.Read, import.Created, import.Failed));
        var notes = (await NotesAsync(import, ImportNotes.Failed)).Concat(await NotesAsync(import, ImportNotes.Failed, 1));
        Assert.Equal(Enumerable.Range(1, 250).Where(number => number % 2 == 1), notes.Select(note => note.Record));
    }

    /// <summary>Queued and not begun, so that what a test asks of storage strikes nothing before.</summary>
    private async Task<IImportGrain> QueueAsync(string table)
    {
        var (id, upload) = (ImportId.New(), Upload);
        await Uploads.StoreAsync(upload, new MemoryStream(Encoding.UTF8.GetBytes(table)), Token);
        Storage.Overwrite(ImportState.Name, $"{ImportGrains.Prefix}{id}", new ImportState
        {
            Import = new() { Id = id, Source = new(upload, CatalogueFormat.Csv), QueuedAt = Cluster.Calendar.Now },
        });
        return Grains.Import(id);
    }
}
