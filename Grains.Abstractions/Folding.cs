using System.Collections.Frozen;
using System.Text;

namespace Lms.Grains.Abstractions;

/// <summary>Lower case without accents, for search and for names that are one whatever their spelling.</summary>
/// <remarks>
/// A table of our own: keys made of folded text are stored, so they must not change with the machine's ICU, with
/// invariant globalization or with a release of .NET.
/// </remarks>
public static partial class Folding
{
    private const string Canary = "ÀÉÎÕÜ Çæßø Łódź ĲΑΆЙ";
    private const string FoldedCanary = "aeiou caesso lodz ijααи";

    private static readonly FrozenDictionary<char, string> s_folds = ReadTable();

    /// <summary>Folds every letter; leaves digits, spaces and signs as they are.</summary>
    public static string Fold(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var folded = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (character < 0x80)
            {
                folded.Append(character is >= 'A' and <= 'Z' ? (char)(character | 0x20) : character);
            }
            else if (!IsMark(character))
            {
                folded.Append(s_folds.TryGetValue(character, out var fold) ? fold : character.ToString());
            }
        }

        return folded.ToString();
    }

    /// <summary>Throws when this machine folds otherwise than the machines that wrote the stored keys.</summary>
    public static void Check()
    {
        if (Fold(Canary) != FoldedCanary)
        {
            throw new InvalidOperationException($"Folding is broken: '{Canary}' became '{Fold(Canary)}'.");
        }
    }

    private static bool IsMark(char character) =>
        character is (>= '\u0300' and <= '\u036F') or (>= '\u1AB0' and <= '\u1AFF') or (>= '\u1DC0' and <= '\u1DFF')
            or (>= '\u20D0' and <= '\u20FF') or (>= '\uFE20' and <= '\uFE2F');

    private static FrozenDictionary<char, string> ReadTable()
    {
        var folds = new Dictionary<char, string>();
        foreach (var entry in Table.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            foreach (var letter in entry.AsSpan(equals + 1))
            {
                folds.Add(letter, entry[..equals]);
            }
        }

        return folds.ToFrozenDictionary();
    }
}
