namespace Lms.ReadModel.Books;

/// <summary>Words that stand next to each other, in this order; of a prefix only the beginning of the last is known.</summary>
public sealed record SearchTerm(IReadOnlyList<string> Words, bool IsPrefix);

/// <summary>What somebody searches for: every term has to be found. Without terms everything is.</summary>
public sealed record SearchQuery(IReadOnlyList<SearchTerm> Terms)
{
    /// <summary>
    /// Reads folded text: words, "phrases in quotes", beginnings* and ISBNs however they are spelled. Everything else
    /// only separates words, so that no text is a mistake and none says anything to the engine.
    /// </summary>
    public static SearchQuery Parse(string folded)
    {
        var text = folded.Replace('“', '"').Replace('”', '"');
        var terms = Isbn(text) is { } isbn ? [isbn] : Read(text);
        return new([.. terms.DistinctBy(term => (string.Join(' ', term.Words), term.IsPrefix))]);
    }

    private static IEnumerable<SearchTerm> Read(string text)
    {
        var parts = text.Split('"');
        for (var number = 0; number < parts.Length; number++)
        {
            // Parts with odd numbers are in quotes; the last one is not, for nothing closes it.
            var isQuoted = number % 2 == 1 && number < parts.Length - 1;
            foreach (var term in isQuoted ? Phrase(parts[number]) : Unquoted(parts[number]))
            {
                yield return term;
            }
        }
    }

    private static IEnumerable<SearchTerm> Phrase(string text) =>
        Isbn(text) is { } isbn ? [isbn]
        : SearchWords.Runs(text).SelectMany(run => run.Words).ToList() is { Count: > 0 } words ? [new(words, IsPrefix: false)]
        : [];

    private static IEnumerable<SearchTerm> Unquoted(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).SelectMany(part => Isbn(part) is { } isbn
            ? [isbn]
            : SearchWords.Runs(part).Select(
                run => new SearchTerm(run.Words, IsPrefix: run.End < part.Length && part[run.End] == '*')));

    /// <summary>The term for an ISBN with or without hyphens and spaces; null when the text is none.</summary>
    private static SearchTerm? Isbn(string text)
    {
        var digits = string.Concat(text.Where(character => !char.IsWhiteSpace(character) && !IsHyphen(character)));
        return digits switch
        {
            { Length: 13 } when AreDigits(digits) && CheckDigit(digits) == digits[12] => new([digits], IsPrefix: false),
            { Length: 10 } when AreDigits(digits[..9]) && IsTen(digits) => new([Thirteen(digits)], IsPrefix: false),
            _ => null,
        };
    }

    private static bool AreDigits(string text) => text.All(char.IsAsciiDigit);

    private static bool IsHyphen(char character) => character is '-' or (>= '\u2010' and <= '\u2015') or '\u2212';

    private static bool IsTen(string ten) => ten[9] is 'x' or (>= '0' and <= '9')
        && ten.Select((character, place) => (10 - place) * (character == 'x' ? 10 : character - '0')).Sum() % 11 == 0;

    private static string Thirteen(string ten) => $"978{ten[..9]}{CheckDigit("978" + ten)}";

    private static char CheckDigit(string digits) => (char)('0'
        + ((10 - (digits.Take(12).Select((digit, place) => (digit - '0') * (place % 2 == 0 ? 1 : 3)).Sum() % 10)) % 10));
}
