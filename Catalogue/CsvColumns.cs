using System.Diagnostics.CodeAnalysis;
using Lms.Grains.Abstractions;

namespace Lms.Catalogue;

/// <summary>Which column of a table says what of a book.</summary>
/// <remarks>
/// Columns are known by name, whatever their case and punctuation, or by a map such as <c>title=Book Name;isbn=EAN</c>.
/// </remarks>
public sealed class CsvColumns
{
    // What a column is for, and the names by which it is known without a map.
    private static readonly Dictionary<string, string[]> s_known = new(StringComparer.Ordinal)
    {
        ["isbn"] = ["isbn", "isbn13", "isbn10", "isbns", "ean", "furtherisbns"],
        ["localNumber"] = ["localnumber"],
        ["title"] = ["title", "name", "booktitle"],
        ["subtitle"] = ["subtitle"],
        ["fullTitle"] = ["fulltitle"],
        ["authors"] = ["authors", "author", "creator", "creators"],
        ["authorNames"] = ["authornames"],
        ["genre"] = ["genre", "category"],
        ["description"] = ["description", "summary"],
        ["publisher"] = ["publisher"],
        ["year"] = ["year", "publicationyear", "originalpublicationyear", "publishdate", "publicationdate", "published"],
        ["language"] = ["language", "languagecode", "lang"],
        ["edition"] = ["edition"],
        ["series"] = ["series"],
        ["subjects"] = ["subjects", "subject", "lcsh", "keywords"],
        ["pages"] = ["pages", "numpages", "pagecount"],
        ["lcc"] = ["lcc"],
        ["ddc"] = ["ddc", "dewey"],
        ["id"] = ["id", "bookid", "gutenbergid", "recordid", "controlnumber"],
    };

    private readonly Dictionary<string, int[]> _columns;

    private CsvColumns(string[] header, Dictionary<string, int[]> columns) => (Header, _columns) = (header, columns);

    /// <summary>What a map may name, each once or, for isbn, several times.</summary>
    public static IEnumerable<string> Names => s_known.Keys;

    public string[] Header { get; }

    /// <summary>Reads header and map; false, with a sentence why, when they do not say where the title is.</summary>
    public static bool TryCreate(
        string[] header, string? map, [NotNullWhen(true)] out CsvColumns? columns, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(header);
        columns = null;
        var found = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (var (name, known) in s_known)
        {
            // In the order of preference, not of the header: "isbn13" after "isbn".
            var places = known.Select(column => Array.FindIndex(header, text => Plain(text) == column)).Where(place => place >= 0);
            found[name] = [.. places];
        }

        foreach (var group in Pairs(map).GroupBy(pair => pair.Name, StringComparer.OrdinalIgnoreCase))
        {
            var name = s_known.Keys.FirstOrDefault(known => known.Equals(group.Key, StringComparison.OrdinalIgnoreCase));
            if (name is null)
            {
                problem = $"The map names '{group.Key}'; it may name {string.Join(", ", Names)}.";
                return false;
            }

            var places = group.Select(pair => Array.FindIndex(header, text => text.Trim() == pair.Column)).ToArray();
            if (Array.IndexOf(places, -1) is >= 0 and var missing)
            {
                problem = $"The file has no column '{group.ElementAt(missing).Column}'; its columns are {Listed(header)}.";
                return false;
            }

            found[name] = places;
        }

        if (found["title"].Length == 0)
        {
            problem = $"No column holds titles: name it title, or say which does by map=title=COLUMN. The columns are {Listed(header)}.";
            return false;
        }

        problem = null;
        columns = new(header, found);
        return true;
    }

    /// <summary>The first cell of the kind that is not blank.</summary>
    public string? Cell(string[] row, string name) => Cells(row, name).FirstOrDefault();

    /// <summary>All cells of the kind that are not blank.</summary>
    public IEnumerable<string> Cells(string[] row, string name) => _columns[name]
        .Where(place => place < row.Length && !string.IsNullOrWhiteSpace(row[place]))
        .Select(place => row[place].Trim());

    private static IEnumerable<(string Name, string Column)> Pairs(string? map) => (map ?? "")
        .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(pair => pair.Split('=', 2, StringSplitOptions.TrimEntries))
        .Select(pair => (pair[0], pair.Length > 1 ? pair[1] : ""));

    private static string Listed(string[] header) => Titles.CutTo(string.Join(", ", header.Select(text => $"'{text.Trim()}'")), 500);

    private static string Plain(string header) => new([.. Folding.Fold(header).Where(char.IsAsciiLetterOrDigit)]);
}
