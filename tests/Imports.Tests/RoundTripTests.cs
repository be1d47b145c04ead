using System.Text.Json;
using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions.Books;
using Lms.Marc;
using Lms.ReadModel.Books;

namespace Lms.Imports.Tests;

/// <summary>A whole library of real records leaves as a file and comes back from it as it was.</summary>
public sealed class RoundTripTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string OwnField = "990";

    private TestLibrary _library = null!;
    private List<ExportRow> _books = [];

    public async ValueTask InitializeAsync()
    {
        var files = RealData.Catalogues.Where(file => file.StartsWith("marc/good/", StringComparison.Ordinal)).ToList();
        _library = await TestLibrary.EmptyAsync();
        foreach (var file in files)
        {
            await _library.ImportAsync(RealData.Bytes(file));
        }

        _books = await _library.BooksAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_library is not null)
        {
            await _library.DisposeAsync();
        }
    }

    [Fact]
    public async Task Every_export_makes_the_same_library_and_records_keep_all_their_fields()
    {
        var records = Sorted(await ReadXmlAsync(await _library.ExportAsync("marcxml")));
        await KeepsAllFieldsAsync(records);

        foreach (var format in (string[])["marcxml", "marc21", "csv"])
        {
            var file = await _library.ExportAsync(format);
            await using var copy = await TestLibrary.EmptyAsync();
            var report = await copy.ImportAsync(file);
            output.WriteLine($"{format}: {file.Length} bytes, {_books.Count} books: {report}");
            Assert.Equal((_books.Count, 0, 0), (report.Created, report.Failed, report.Skipped));

            var books = await copy.BooksAsync();
            Assert.Equal(_books.Select(Told), books.Select(Told));
            if (format != "csv")
            {
                // A table has no place for the records that its books came with.
                Assert.Equal(records, Sorted(await ReadXmlAsync(await copy.ExportAsync("marcxml"))));
            }

            await LooksAlikeAsync(copy);
            var again = await copy.ImportAsync(file);
            Assert.Equal((0, 0, _books.Count), (again.Created, again.Updated, again.Unchanged));
        }
    }

    // What clients see of every twentieth book, whatever its place in lists.
    private async Task LooksAlikeAsync(TestLibrary copy)
    {
        foreach (var book in _books.Where((_, index) => index % 20 == 0))
        {
            var path = $"/api/books/{book.Isbn}";
            var (was, now) = (await _library.Librarian.GetAsync(path), await copy.Librarian.GetAsync(path));
            Assert.Equal(Seen(Expect.Status(200, was)), Seen(Expect.Status(200, now)));
        }
    }

    // Each record as it leaves is one of the records as they came, field by field, with at most a field of the library's own.
    private async Task KeepsAllFieldsAsync(List<string> records)
    {
        var came = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in RealData.Catalogues.Where(file => file.StartsWith("marc/good/", StringComparison.Ordinal)))
        {
            using var stream = new MemoryStream(RealData.Bytes(file));
            var readings = file.EndsWith(".xml", StringComparison.Ordinal)
                ? MarcXmlReader.ReadAsync(stream, TestContext.Current.CancellationToken)
                : Iso2709Reader.ReadAsync(stream, TestContext.Current.CancellationToken);
            await foreach (var reading in readings)
            {
                if (reading.Record is { } record)
                {
                    came.Add(PlainRecord.Of(record).Content);
                }
            }
        }

        Assert.Equal(_books.Count, records.Count);
        var lost = records
            .Select(record => string.Join('\n', record.Split('\n').Where(field => !IsOwn(field))))
            .Where(record => !came.Contains(record))
            .ToList();
        Assert.True(lost.Count == 0, $"{lost.Count} records have lost something, such as:\n{string.Join("\n\n", lost.Take(3))}");
    }

    private static bool IsOwn(string field) =>
        field.StartsWith(OwnField, StringComparison.Ordinal) && field.EndsWith("$2lms", StringComparison.Ordinal);

    private static async Task<List<PlainRecord>> ReadXmlAsync(byte[] file)
    {
        using var stream = new MemoryStream(file);
        var readings = await MarcXmlReader.ReadAsync(stream, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);
        Assert.All(readings, reading => Assert.Null(reading.Failure));
        return [.. readings.Select(reading => PlainRecord.Of(reading.Record!))];
    }

    private static List<string> Sorted(List<PlainRecord> records) =>
        [.. records.Select(record => record.Content).Order(StringComparer.Ordinal)];

    // Everything but the record that the book came with, as text.
    private static string Told(ExportRow book) => JsonSerializer.Serialize(
        new { Book = book with { Record = null }, BookRecord.OfJson(book.Record!).Details });

    // Authors are numbered anew, and hosts differ.
    private static string Seen(Answer answer) => string.Join('\n', answer.Json.EnumerateObject()
        .Where(member => member.Name is not ("_links" or "links"))
        .Select(member => member.Value.ValueKind == JsonValueKind.Array
            ? string.Join(" + ", member.Value.EnumerateArray().SelectMany(item => item.AllTexts())
                .Where(text => !text.StartsWith("http", StringComparison.Ordinal)))
            : member.ToString()));
}
