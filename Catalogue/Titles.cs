using System.Text;

namespace Lms.Catalogue;

/// <summary>Titles and other phrases of records, without the punctuation that separates their parts on a card.</summary>
public static class Titles
{
    /// <summary>What the contract allows a title.</summary>
    public const int MaxLength = 128;

    private static readonly string[] s_abbreviations = ["etc.", "Jr.", "Sr.", "Inc.", "Ltd.", "Co.", "Bros.", "St.", "Dr.", "ed.", "vol."];

    /// <summary>Drops what ISBD puts behind a part: slash, colon, semicolon, comma, equals sign, and a full stop.</summary>
    public static string Trim(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = SingleSpaced(text);
        while (trimmed.Length > 0)
        {
            if (trimmed[^1] is '/' or ':' or ';' or ',' or '=' || (trimmed[^1] == '.' && IsFullStop(trimmed)))
            {
                trimmed = trimmed[..^1].TrimEnd();
            }
            else
            {
                return trimmed;
            }
        }

        return trimmed;
    }

    /// <summary>At most <see cref="MaxLength"/> characters, cut between two words where there are two.</summary>
    public static string Cut(string title) => CutTo(title, MaxLength);

    /// <summary>At most so many characters, cut between two words where there are two.</summary>
    public static string CutTo(string text, int length)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= length)
        {
            return text;
        }

        var end = text.LastIndexOf(' ', length);
        if (end <= 0)
        {
            // One endless word: not in the middle of a surrogate pair.
            end = char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        }

        return Trim(text[..end]);
    }

    // A full stop that ends the phrase, not one that belongs to an initial, an abbreviation or an ellipsis.
    private static bool IsFullStop(string text)
    {
        var word = text[(text.LastIndexOf(' ') + 1)..];
        return !word.EndsWith("..", StringComparison.Ordinal)
            && !s_abbreviations.Contains(word, StringComparer.OrdinalIgnoreCase)
            && word[..^1] is not [_]
            && !word[..^1].Contains('.', StringComparison.Ordinal);
    }

    /// <summary>Without line breaks, double spaces, and the marks of what sorting passes over.</summary>
    internal static string SingleSpaced(string text)
    {
        var spaced = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            // The marks around an article that sorting passes over, as characters of ISO 6630 or of Unicode.
            if (character is '\u0088' or '\u0089' or '\u0098' or '\u009C')
            {
                continue;
            }

            if (!char.IsWhiteSpace(character))
            {
                spaced.Append(character);
            }
            else if (spaced.Length > 0 && spaced[^1] != ' ')
            {
                spaced.Append(' ');
            }
        }

        return spaced.ToString().TrimEnd();
    }
}
