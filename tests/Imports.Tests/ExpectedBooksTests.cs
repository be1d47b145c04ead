using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions.Books;
using Lms.ReadModel.Books;

namespace Lms.Imports.Tests;

/// <summary>Books of files that an independent decoder has read are the books that its records tell.</summary>
public sealed class ExpectedBooksTests(ITestOutputHelper output)
{
    private const string Isbd = "/:;,=";

    /// <summary>Where the two readings differ for a good reason: what is compared and the file, the count, and the reason.</summary>
    private static readonly (string Difference, int Count, string Reason)[] s_exceptions =
    [
        ("authors marc/good/solrmarc__uva_001_2000.mrc", 2, "names of two bodies are longer than the 150 characters of a name"),
    ];

    [Fact]
    public async Task Books_are_what_the_independent_decoders_records_tell()
    {
        var differences = new List<(string Kind, string Text)>();
        foreach (var (file, expected) in RealData.Decoded)
        {
            await using var library = await TestLibrary.EmptyAsync();
            await library.ImportAsync(RealData.Bytes(file));
            var books = await library.BooksAsync();
            var before = differences.Count;
            Compare(file, books, PlainRecord.Decoded(expected), differences);
            output.WriteLine($"{file}: {books.Count} books, {differences.Count - before} differences");
        }

        var counted = differences.CountBy(difference => difference.Kind).Select(kind => (kind.Key, kind.Value)).Order().ToList();
        var allowed = s_exceptions.Select(exception => (exception.Difference, exception.Count)).Order().ToList();
        Assert.True(
            counted.SequenceEqual(allowed),
            string.Join('\n', differences.Select(difference => $"{difference.Kind}: {difference.Text}")));
    }

    private static void Compare(
        string file, List<ExportRow> books, List<PlainRecord> records, List<(string Kind, string Text)> differences)
    {
        var (byIsbn, byIdentity) = Expected(records);
        Different("count", books.Count, byIsbn.Count + byIdentity.Count, "");
        foreach (var book in books)
        {
            var (details, source) = BookRecord.OfJson(book.Record!);
            var own = ExpectedBook.Of(PlainRecord.Of(source!));
            var expected = Isbn.Of(book.Isbn).IsLocal
                ? byIdentity.GetValueOrDefault(own?.Identity ?? "")
                : byIsbn.GetValueOrDefault(book.Isbn);
            if (expected is null)
            {
                differences.Add(($"unexpected {file}", $"{book.Isbn} {book.Title}"));
                continue;
            }

            var whole = details!.FullTitle ?? book.Title;
            Different("title", Letters(Marc.Nfc.Normalize(whole)), expected.Title, book.Isbn);
            Different("length of title", book.Title.Length <= 128, true, whole);
            Different("start of title", Letters(whole).StartsWith(Letters(book.Title), StringComparison.Ordinal), true, whole);
            Different("punctuation", Isbd.Contains(whole[^1]) || Isbd.Contains(book.Title[^1]) || whole.Trim() != whole, false, whole);
            Different(
                "authors",
                string.Join(" + ", book.Authors.Select(ExpectedBook.Folded)),
                expected.Authors.Count == 0 ? "unknown" : string.Join(" + ", expected.Authors),
                book.Isbn);
            Different("double author", book.Authors.DistinctBy(ExpectedBook.Folded).Count(), book.Authors.Count, book.Isbn);
            Different("punctuation of author", string.Join(" + ", book.Authors.Where(name => Isbd.Contains(name[^1]))), "", book.Isbn);
            Different("publisher", Letters(Marc.Nfc.Normalize(details.Publisher ?? "")), expected.Publisher, book.Isbn);
            Different("year", details.Year, expected.Year, book.Isbn);
        }

        void Different<T>(string kind, T actual, T wanted, string of)
        {
            if (!Equals(actual, wanted))
            {
                differences.Add(($"{kind} {file}", $"{of}: {actual} / expected {wanted}"));
            }
        }
    }

    private static string Letters(string text) => ExpectedBook.Letters(text);

    // One book for all records that share an ISBN, of which the last one counts; one for each other identity.
    private static (Dictionary<string, ExpectedBook> ByIsbn, Dictionary<string, ExpectedBook> ByIdentity) Expected(
        List<PlainRecord> records)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var byIsbn = new Dictionary<string, ExpectedBook>(StringComparer.Ordinal);
        var byIdentity = new Dictionary<string, ExpectedBook>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var book in records.Select(ExpectedBook.Of).OfType<ExpectedBook>())
        {
            if (book.Isbns.Count == 0)
            {
                byIdentity[book.Identity] = book;
                continue;
            }

            var isbn = found.TryAdd(book.Isbns[0], book.Isbns[0]) ? book.Isbns[0] : found[book.Isbns[0]];
            if (seen.Add($"{isbn}\n{book.Record.Content}"))
            {
                byIsbn[isbn] = book;
            }

            foreach (var alias in book.Isbns)
            {
                found.TryAdd(alias, isbn);
            }
        }

        return (byIsbn, byIdentity);
    }
}
