using System.Globalization;
using System.IO.Compression;
using CsvHelper;
using Lms.Grains.Abstractions;
using Lms.ReadModel.Books;
using Lms.ReadModel.Infrastructure;
using Lms.ReadModel.Tests;

namespace Lms.Postgres.Tests.ReadModel;

/// <summary>Books and authors of a real catalogue, in the collection that LMS_TEST_DATA names.</summary>
internal static class RealBooks
{
    public static readonly string[] Searches =
    [
        "crinoline", "history portugal", "dickens christmas", "fiction", "the", "the of", "\"short stories\"", "adventur*", "a*",
        "\"the history of\"", "shakespeare hamlet", "england", "\"united states\" history", "",
    ];

    public static IEnumerable<Projection> Read(int limit)
    {
        var path = Path.Combine(Environment.GetEnvironmentVariable("LMS_TEST_DATA") ?? "", "catalogue", "gutenberg_catalogue.csv.gz");
        Assert.SkipUnless(File.Exists(path), "LMS_TEST_DATA names no folder with the Gutenberg catalogue.");
        using var csv = new CsvReader(
            new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress)), CultureInfo.InvariantCulture);
        csv.Read();
        csv.ReadHeader();
        var authors = new Dictionary<string, long>(StringComparer.Ordinal);
        var books = new List<Projection>();
        for (var number = 0; number < limit && csv.Read(); number++)
        {
            var names = csv.GetField("authors")!.Split("; ", StringSplitOptions.RemoveEmptyEntries);
            foreach (var name in names)
            {
                authors.TryAdd(name, authors.Count + 1);
            }

            books.Add(Book(number, csv.GetField("title")!, csv.GetField("language")!, csv.GetField("lcsh")!, [.. names.Select(name => authors[name])]));
        }

        return [.. authors.Select(author => Any.Author(author.Value, author.Key) with { NameFolded = Folding.Fold(author.Key) }), .. books];
    }

    private static BookRow Book(int number, string title, string language, string subjects, long[] authors)
    {
        var isbn = (9780000000000 + number).ToString(CultureInfo.InvariantCulture);
        var folded = Folding.Fold(title);
        return Any.Book(isbn, title, "Drama", authors) with
        {
            TitleFolded = folded,
            Language = language == "fr" ? "fre" : language,
            Text = BookText.Empty with { Titles = folded, Subjects = Folding.Fold(subjects), Isbns = isbn },
        };
    }
}
