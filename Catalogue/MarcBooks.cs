using System.Globalization;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Books;
using Lms.Marc;

namespace Lms.Catalogue;

/// <summary>MARC 21 bibliographic records as books.</summary>
/// <remarks>Tags and subfields: MARC 21 Format for Bibliographic Data, Library of Congress.</remarks>
public sealed class MarcBooks(Genres genres)
{
    /// <summary>What the contract allows a description.</summary>
    internal const int MaxDescription = 4096;

    private static readonly string[] s_authorRelators =
        ["aut", "cre", "author", "joint author", "creator", "aui", "dub", "author of introduction"];

    // English, German, Polish, French: how the extent of a book is counted.
    private static readonly string[] s_pages = ["p.", "p ", "p,", "pp", "pages", "s.", "seiten", "str", "leaves", "l."];

    /// <summary>What the record says of a book; else why it is skipped, or why it fails.</summary>
    /// <param name="record">The record.</param>
    /// <param name="source">Whose records these are; null lets the record say it in 003.</param>
    public (CatalogueBook? Book, CatalogueProblem? Skipped, CatalogueProblem? Failure) Map(MarcRecord record, string? source)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (Skip(record) is { } skipped)
        {
            return (null, skipped, null);
        }

        var title = Title(record);
        if (title.Length == 0)
        {
            return (null, null, new("title-missing", "The record has no title (245)."));
        }

        var isbns = Isbns(record);
        var authors = Authors(record);
        var subjects = Subjects(record);
        var publication = record.Data("264").Where(field => field.Indicator2 == '1').Concat(record.Data("260")).ToList();
        var publisher = publication.Select(field => field.First('b')).OfType<string>().Select(Publisher).FirstOrDefault(name => name is not null);
        var year = Year(record, publication);
        var edition = record.Data("250").Select(field => Trimmed(field.First('a'))).FirstOrDefault();
        var cut = Titles.Cut(title);
        var book = new CatalogueBook
        {
            Isbn = isbns.Count > 0 ? isbns[0].Isbn : null,
            IsbnAsGiven = isbns.Count > 0 ? isbns[0].AsGiven : null,
            LocalKey = LocalKeys.Of(
                source ?? Trimmed(record.Control("003")), Trimmed(record.Control("001")), title, authors.FirstOrDefault(), publisher, year, edition),
            Title = cut,
            Authors = authors,
            Genre = Genre(record, subjects),
            Description = Description(record),
            Details = new()
            {
                FullTitle = cut == title ? null : title,
                Publisher = publisher,
                Year = year,
                Language = record.Data("041").Select(field => Languages.Code(field.First('a'))).FirstOrDefault(code => code is not null)
                    ?? Languages.Code(Fixed(record, 35, 3)),
                Edition = edition,
                Series = [.. Series(record)],
                Subjects = subjects,
                Pages = record.Data("300").Select(field => Pages(field.First('a'))).FirstOrDefault(pages => pages is not null),
                Aliases = [.. isbns.Skip(1).Select(isbn => isbn.Isbn).Distinct().Where(isbn => isbn != isbns[0].Isbn)],
            },
            Source = SourceRecords.Of(record),
            RecordId = Trimmed(record.Control("001")) is { } control ? $"{source ?? Trimmed(record.Control("003"))}:{control}" : "",
        };
        return (OwnField.Apply(book, record), null, null);
    }

    /// <summary>The name in a field that may name an author; null for other fields.</summary>
    internal static string? AuthorName(DataField field) =>
        field.Tag is "100" or "110" or "111" or "700" or "710" or "711" && field.First('t') is null ? Name(field) : null;

    // Leader/06: a and t are language material; z and the like, and a leader that does not say, are no books of ours.
    private static CatalogueProblem? Skip(MarcRecord record) => record.Type switch
    {
        'a' or 't' => null,
        'c' or 'd' or 'e' or 'f' or 'g' or 'i' or 'j' or 'k' or 'm' or 'o' or 'p' or 'r' =>
            new("not-a-book", $"Leader/06 is '{record.Type}': not language material."),
        _ => new("not-bibliographic", $"Leader/06 is '{record.Type}': not a bibliographic record."),
    };

    private static string Title(MarcRecord record)
    {
        var field = record.Data("245").FirstOrDefault();
        if (field is null)
        {
            return "";
        }

        var parts = Join(field, " ", "abnp");
        return Titles.Trim(parts.Length > 0 ? parts : Join(field, " ", "kfgs"));
    }

    private static List<(Isbn Isbn, string AsGiven)> Isbns(MarcRecord record)
    {
        var isbns = new List<(Isbn, string)>();
        foreach (var text in record.Data("020").SelectMany(field => field.All('a')))
        {
            if (IsbnText.TryParse(text, out var isbn, out var asGiven))
            {
                isbns.Add((isbn, asGiven));
            }
        }

        return isbns;
    }

    // The main entry, then whom the record adds as authors; whoever is named at all when nobody is an author.
    private static string[] Authors(MarcRecord record)
    {
        var main = record.Data("100", "110", "111").ToList();
        var added = record.Data("700", "710", "711").Where(field => field.First('t') is null).ToList();
        var authors = main.Concat(added.Where(field => field.Tag == "700" && IsAuthor(field))).ToList();
        if (authors.Count == 0)
        {
            authors = added;
        }

        return
        [
            .. authors.Select(Name).Where(name => Folding.Fold(name).Any(char.IsLetterOrDigit))
                .DistinctBy(Folding.Fold).Take(100),
        ];
    }

    private static bool IsAuthor(DataField field)
    {
        var relators = field.All('4').Concat(field.All('e')).Select(relator => Titles.Trim(relator).ToLowerInvariant()).ToList();
        return relators.Count == 0 || relators.Exists(relator => s_authorRelators.Contains(relator.Split('/')[^1]));
    }

    private static string Name(DataField field) => field.Tag[1..] switch
    {
        "00" when field.Indicator1 == '0' => Headings.Plain(Join(field, " ", "ab")),
        "00" => Headings.Turn(Join(field, " ", "ab") + Suffix(field)),
        _ => Headings.Plain(field.All('a').Concat(field.All('b')).Select(Titles.Trim).Aggregate("", Subordinate)),
    };

    // "France. Laws, statutes, etc." ends in its full stop already.
    private static string Subordinate(string body, string part) => (body, part.TrimStart(' ', ',', ';')) switch
    {
        ("", var first) => first,
        (_, "") => body,
        ([.., '.'], var next) => $"{body} {next}",
        (_, var next) => $"{body}. {next}",
    };

    private static string Suffix(DataField field) =>
        field.First('c') is { } title && title.StartsWith("Jr", StringComparison.OrdinalIgnoreCase) ? $", {Titles.Trim(title)}" : "";

    private static string[] Subjects(MarcRecord record) =>
    [
        .. record.Data("600", "610", "611", "630", "650", "651", "653", "655")
            .Where(field => field.First('2') != OwnField.Source)
            .Select(field => Titles.Trim(string.Join(" -- ", SubjectParts(field))))
            .Where(subject => subject.Length > 0)
            .Distinct(),
    ];

    // Names and titles read on; subdivisions are set off.
    private static IEnumerable<string> SubjectParts(DataField field)
    {
        var heading = string.Join(' ', field.Subfields
            .Where(subfield => subfield.Code is >= 'a' and <= 't').Select(subfield => subfield.Value));
        return new[] { heading }
            .Concat(field.Subfields.Where(subfield => subfield.Code is >= 'v' and <= 'z').Select(subfield => subfield.Value))
            .Select(Titles.Trim)
            .Where(part => part.Length > 0);
    }

    private static IEnumerable<string> Series(MarcRecord record)
    {
        var stated = record.Data("490", "440").ToList();
        return (stated.Count > 0 ? stated : record.Data("830").ToList())
            .Select(field => Titles.Trim(Join(field, " ", "anpv")))
            .Where(series => series.Length > 0)
            .Distinct();
    }

    private string? Genre(MarcRecord record, string[] subjects) =>
        record.Data("655").FirstOrDefault(field => field.First('2') == OwnField.Source)?.First('a')
        ?? genres.Find(
            subjects,
            record.Data("050", "090").SelectMany(field => field.All('a')),
            record.Data("082", "092").SelectMany(field => field.All('a')));

    private static string? Description(MarcRecord record) => record.Data("520").FirstOrDefault()?.First('a') switch
    {
        null => null,
        var text when string.IsNullOrWhiteSpace(text) => null,
        var text => Html(text),
    };

    // Plain text as HTML, within what the library allows a description.
    private static string Html(string text) => Titles.CutTo(
        text.Trim()
            .Replace('\u00A0', ' ')
            .Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal),
        MaxDescription);

    // "[S.l. : s.n.]" says that nobody knows.
    private static string? Publisher(string text)
    {
        var name = Titles.Trim(text).Trim('[', ']', '<', '>').Trim();
        name = Titles.Trim(name);
        return name.Length == 0 || string.Concat(name.Where(char.IsLetterOrDigit)).Equals("sn", StringComparison.OrdinalIgnoreCase)
            || name.Contains("not identified", StringComparison.OrdinalIgnoreCase)
            ? null
            : name;
    }

    private static int? Year(MarcRecord record, List<DataField> publication) =>
        publication.SelectMany(field => field.All('c')).Select(YearIn).FirstOrDefault(year => year is not null)
        ?? YearIn(Fixed(record, 7, 4));

    /// <summary>The first number that can be a year.</summary>
    internal static int? YearIn(string? text) => Numbers(text)
        .Where(number => number is { Digits: 4, Value: >= 1000 and <= 2100 })
        .Select(number => (int?)number.Value)
        .FirstOrDefault();

    // "xii, 324 p." and "324 Seiten" have 324: the number that a word for pages follows.
    private static int? Pages(string? extent) => Numbers(extent)
        .Where(number => number.Value > 0
            && s_pages.Any(word => extent!.AsSpan(number.End).TrimStart(" []").StartsWith(word, StringComparison.OrdinalIgnoreCase)))
        .Select(number => (int?)number.Value)
        .FirstOrDefault();

    private static IEnumerable<(int Value, int Digits, int End)> Numbers(string? text)
    {
        for (var start = 0; start < text?.Length; start++)
        {
            var end = start;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            if (end - start is > 0 and < 6)
            {
                yield return (int.Parse(text.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture), end - start, end);
            }

            start = end;
        }
    }

    private static string Fixed(MarcRecord record, int start, int length) =>
        record.Control("008") is { } data && data.Length >= start + length ? data.Substring(start, length) : "";

    private static string Join(DataField field, string separator, string codes) => string.Join(
        separator,
        field.Subfields.Where(subfield => codes.Contains(subfield.Code, StringComparison.Ordinal)).Select(subfield => subfield.Value.Trim()));

    private static string? Trimmed(string? text) => text is null || Titles.Trim(text) is not { Length: > 0 } trimmed ? null : trimmed;
}
