using System.Globalization;
using System.Text.RegularExpressions;
using Lms.Grains.Abstractions;

namespace Lms.Imports.Tests;

/// <summary>
/// What docs/import.md says that a record makes, read a second time by other means than the library's: for comparison, texts
/// are letters and digits only.
/// </summary>
internal sealed partial record ExpectedBook(
    PlainRecord Record, IReadOnlyList<string> Isbns, string Title, IReadOnlyList<string> Authors, string Publisher, int? Year)
{
    private static readonly string[] s_authors =
        ["aut", "cre", "author", "joint author", "creator", "aui", "dub", "author of introduction"];

    private static readonly string[] s_suffixes = ["jr", "sr", "ii", "iii", "iv", "inc", "ltd", "phd", "md", "esq"];

    /// <summary>What tells records without ISBN apart, of records that have control numbers or not.</summary>
    public string Identity => Record.Control("001")?.Trim() is { Length: > 0 } number
        ? $"{Record.Control("003")?.Trim()}:{number}:{(string.IsNullOrWhiteSpace(Record.Control("003")) ? Title : "")}"
        : $"{Title}:{string.Concat(Authors.Take(1))}:{Publisher}:{Year}:{Letters(Record.Of("250").FirstOrDefault()?.First('a') ?? "")}";

    /// <summary>The book of the record; null for what is none, or has no title.</summary>
    public static ExpectedBook? Of(PlainRecord record)
    {
        var title = Letters(TitleOf(record));
        if (record.Leader[6] is not ('a' or 't') || title.Length == 0)
        {
            return null;
        }

        var publication = record.Of("264").Where(field => field.Indicators[1] == '1').Concat(record.Of("260")).ToList();
        var publisher = publication.Select(field => field.First('b') ?? "")
            .FirstOrDefault(name => Letters(name) is { Length: > 0 } letters
                && !letters.Equals("sn", StringComparison.OrdinalIgnoreCase) && !name.Contains("not identified"));
        var dates = publication.SelectMany(field => field.All("c")).Append(Date1(record));
        return new(
            record,
            [.. record.Of("020").SelectMany(field => field.All("a")).Select(Isbn13).OfType<string>()],
            title,
            [.. AuthorsOf(record).Select(Folded).Where(name => name.Length > 0).Distinct()],
            Letters(publisher ?? ""),
            dates.Select(YearIn).FirstOrDefault(year => year is not null));
    }

    /// <summary>Letters and digits alone.</summary>
    public static string Letters(string text) => string.Concat(text.Where(char.IsLetterOrDigit));

    public static string Folded(string text) => Letters(Folding.Fold(text));

    /// <summary>The ISBN-13 of an ISBN whose checksum is right; else null.</summary>
    public static string? Isbn13(string text)
    {
        var match = Isbn().Match(text.Trim());
        var digits = string.Concat(match.Value.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        digits = digits.Length == 9 ? "0" + digits : digits;
        return digits.Length switch
        {
            10 when digits[..9].All(char.IsAsciiDigit)
                && digits.Select((digit, place) => (10 - place) * (digit == 'X' ? 10 : digit - '0')).Sum() % 11 == 0 =>
                With13("978" + digits[..9]),
            13 when digits.All(char.IsAsciiDigit) && digits[..3] is "978" or "979" && With13(digits[..12]) == digits => digits,
            _ => null,
        };
    }

    private static string TitleOf(PlainRecord record)
    {
        var field = record.Of("245").FirstOrDefault();
        var title = string.Join(' ', field?.All("abnp") ?? []);
        return title.Length > 0 ? title : string.Join(' ', field?.All("kfgs") ?? []);
    }

    private static IEnumerable<string> AuthorsOf(PlainRecord record)
    {
        var added = record.Of("700", "710", "711").Where(field => field.First('t') is null).ToList();
        var authors = record.Of("100", "110", "111").Concat(added.Where(field => field.Tag == "700" && IsAuthor(field))).ToList();
        return (authors.Count > 0 ? authors : added).Select(NameOf);
    }

    private static bool IsAuthor(PlainField field)
    {
        var relators = field.All("4e").Select(relator => relator.Split('/')[^1].Trim(' ', '.', ',').ToLowerInvariant()).ToList();
        return relators.Count == 0 || relators.Exists(relator => s_authors.Contains(relator));
    }

    private static string NameOf(PlainField field)
    {
        if (!field.Tag.EndsWith("00", StringComparison.Ordinal) || field.Indicators[0] == '0')
        {
            return string.Join(' ', field.All("ab"));
        }

        var parts = string.Join(' ', field.All("ab"))
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .ToList();
        if (field.First('c') is { } title && title.StartsWith("Jr", StringComparison.OrdinalIgnoreCase))
        {
            parts.Add("Jr");
        }

        return parts.Count > 1 && !IsSuffix(parts[1])
            ? string.Join(' ', [parts[1].Split('(')[0], parts[0], .. parts.Skip(2).Where(IsSuffix)])
            : string.Join(' ', parts);
    }

    private static bool IsSuffix(string part) => s_suffixes.Contains(part.Replace(".", "", StringComparison.Ordinal).ToLowerInvariant());

    private static string Date1(PlainRecord record) =>
        record.Control("008") is { Length: >= 11 } coded ? coded[7..11] : "";

    private static int? YearIn(string text) => FourDigits().Matches(text)
        .Select(match => (int?)int.Parse(match.Value, CultureInfo.InvariantCulture))
        .FirstOrDefault(year => year is >= 1000 and <= 2100);

    private static string With13(string twelve) =>
        twelve + (char)('0' + ((10 - (twelve.Select((digit, place) => (digit - '0') * (place % 2 == 0 ? 1 : 3)).Sum() % 10)) % 10));

    [GeneratedRegex("^[0-9Xx\u2010-\u2013-]+", RegexOptions.None, 1000)]
    private static partial Regex Isbn();

    [GeneratedRegex("(?<![0-9])[0-9]{4}(?![0-9])", RegexOptions.None, 1000)]
    private static partial Regex FourDigits();
}
