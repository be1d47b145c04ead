using System.Globalization;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Books;

namespace Lms.Catalogue;

/// <summary>Rows of a table as books.</summary>
/// <param name="columns">Where the row says what.</param>
/// <param name="genres">Finds genres for rows that name none.</param>
/// <param name="source">Whose rows these are; null when it is not said.</param>
/// <param name="authorSeparator">What stands between two authors of a cell; null for a semicolon or a bar.</param>
public sealed class CsvBooks(CsvColumns columns, Genres genres, string? source, string? authorSeparator)
{
    public (CatalogueBook? Book, CatalogueProblem? Failure, IReadOnlyList<CatalogueProblem> Warnings) Map(string[] row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Skip(columns.Header.Length).Any(cell => cell.Length > 0))
        {
            return (null, new("too-many-cells", $"The row has {row.Length} cells, the header {columns.Header.Length}."), []);
        }

        var title = Title(row);
        if (title.Length == 0)
        {
            return (null, new("title-missing", "The row has no title."), []);
        }

        var (isbns, warnings) = Isbns(row);
        var authors = Authors(row);
        var subjects = columns.Cells(row, "subjects").SelectMany(CsvList.Read).Distinct().ToArray();
        var publisher = columns.Cell(row, "publisher");
        var year = MarcBooks.YearIn(columns.Cell(row, "year"));
        var edition = columns.Cell(row, "edition");
        var id = columns.Cell(row, "id");
        var cut = Titles.Cut(title);
        var full = columns.Cell(row, "fullTitle") ?? title;
        return (
            new()
            {
                Isbn = isbns.Count > 0 ? isbns[0].Isbn : null,
                IsbnAsGiven = isbns.Count > 0 ? isbns[0].AsGiven : null,
                LocalNumber = Isbn.TryParse(columns.Cell(row, "localNumber"), out var number) && number.IsLocal ? number : null,
                LocalKey = LocalKeys.Of(source, id, title, authors.FirstOrDefault(), publisher, year, edition),
                Title = cut,
                Authors = authors,
                Genre = columns.Cell(row, "genre") is { } genre
                    ? Titles.CutTo(genre, 100)
                    : genres.Find(
                        subjects, columns.Cells(row, "lcc").SelectMany(CsvList.Read), columns.Cells(row, "ddc").SelectMany(CsvList.Read)),
                Description = columns.Cell(row, "description") is { } text ? Titles.CutTo(text, MarcBooks.MaxDescription) : null,
                Details = new()
                {
                    FullTitle = full == cut ? null : full,
                    Publisher = publisher,
                    Year = year,
                    Language = Languages.Code(columns.Cell(row, "language")),
                    Edition = edition,
                    Series = [.. columns.Cells(row, "series").SelectMany(CsvList.Read)],
                    Subjects = subjects,
                    Pages = int.TryParse(columns.Cell(row, "pages"), CultureInfo.InvariantCulture, out var pages) && pages > 0 ? pages : null,
                    Aliases = [.. isbns.Skip(1).Select(isbn => isbn.Isbn).Distinct().Where(isbn => isbn != isbns[0].Isbn)],
                },
                Source = new() { Fields = [.. columns.Header.Zip(row, (column, cell) => new[] { column, cell })] },
                RecordId = id is null ? "" : $"{source}:{id}",
            },
            null,
            warnings);
    }

    private string Title(string[] row)
    {
        var title = OneLine(columns.Cell(row, "title") ?? "");
        return columns.Cell(row, "subtitle") is { } subtitle && title.Length > 0 ? $"{title}: {OneLine(subtitle)}" : title;
    }

    // A title of several lines is one of several parts.
    private static string OneLine(string title) => title.AsSpan().IndexOfAny('\r', '\n') < 0
        ? title
        : Titles.SingleSpaced(title);

    private (List<(Isbn Isbn, string AsGiven)> Isbns, List<CatalogueProblem> Warnings) Isbns(string[] row)
    {
        var isbns = new List<(Isbn, string)>();
        var warnings = new List<CatalogueProblem>();
        foreach (var text in columns.Cells(row, "isbn").SelectMany(CsvList.Read))
        {
            if (IsbnText.TryParseCell(text, out var isbn, out var asGiven))
            {
                isbns.Add((isbn, asGiven));
            }
            else if (text.Length > 0)
            {
                warnings.Add(new("isbn-invalid", $"'{Titles.CutTo(text, 50)}' is not an ISBN."));
            }
        }

        return (isbns, warnings);
    }

    private string[] Authors(string[] row)
    {
        var headings = columns.Cells(row, "authors").SelectMany(cell => authorSeparator is null
            ? CsvList.Read(cell)
            : cell.Split(authorSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return
        [
            .. columns.Cells(row, "authorNames").SelectMany(CsvList.Read).Concat(headings.Select(Headings.Turn))
                .Where(name => Folding.Fold(name).Any(char.IsLetterOrDigit))
                .DistinctBy(Folding.Fold)
                .Take(100),
        ];
    }
}
