using System.Text;
using Lms.Catalogue;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Authors;

namespace Lms.Grains.Tests.Imports;

/// <summary>A test of imports: tables of our own, uploaded in chunks as in a cluster.</summary>
public abstract class ImportTest(ClusterFixture fixture) : GrainTest(fixture)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private protected IUploads Uploads => new GrainUploads(Grains);

    private protected static string Header => "isbn,title,authors,genre,id";

    private protected static string Row(Isbn? isbn, string title, string? author = null, string? genre = null, string? id = null) =>
        $"{isbn},{title},{author ?? "Ana Bela"},{genre ?? "Romance"},{id}";

    private protected static string Table(params IEnumerable<string> rows) => string.Join('\n', rows.Prepend(Header)) + '\n';

    private protected static string Upload => Guid.NewGuid().ToString("N");

    private protected async Task<IImportGrain> StartAsync(string table, string? source = null)
    {
        var upload = Upload;
        await Uploads.StoreAsync(upload, new MemoryStream(Encoding.UTF8.GetBytes(table)), Token);
        return await StartAsync(new ImportSource(upload, CatalogueFormat.Csv, Name: source));
    }

    private protected async Task<IImportGrain> StartAsync(ImportSource source)
    {
        var import = Grains.Import(ImportId.New());
        Assert.True((await import.StartAsync(Any.Operation, source, Token)).IsAccepted);
        return import;
    }

    private protected async Task<Import> ImportAsync(string table, string? source = null) =>
        await UntilAsync(await StartAsync(table, source), import => !import.IsUnfinished);

    /// <summary>Turns the clock, which timers wait for, until the import is as it should be.</summary>
    private protected async Task<Import> UntilAsync(IImportGrain grain, Func<Import, bool> holds, bool resumes = false)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var import = (await grain.GetAsync(Token)).Value!;
            if (holds(import))
            {
                return import;
            }

            if (resumes)
            {
                await grain.ResumeAsync(Token);
            }

            Assert.True(TimeProvider.System.GetElapsedTime(since) < s_patience, $"It does not come to pass: {import}");
            Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }

    private protected static void AssertAddsUp(Import import) => Assert.Equal(
        import.Read, import.Created + import.Updated + import.Unchanged + import.Skipped + import.Failed);

    private protected async Task<Book?> BookAsync(Isbn isbn) => (await Grains.Book(isbn).GetAsync(Token)).Value;

    private protected async Task<string[]> AuthorsAsync(Isbn isbn) => await Task.WhenAll(
        (await BookAsync(isbn))!.Authors.Select(async number => (await Grains.Author(number).GetAsync(Token)).Value!.Name));

    private protected int AuthorsNamed(string name) => Storage.All<AuthorState>(AuthorState.Name)
        .Count(author => author.State.Author is { } one && Folding.Fold(one.Name) == Folding.Fold(name));

    private protected Task<ImportNote[]> NotesAsync(Import import, ImportNotes kind, int page = 0) =>
        Grains.ImportNotes(import.Id, kind, page).ReadAsync(Token);
}
