using System.Globalization;
using System.Text;

namespace Lms.ReadModel.Books;

/// <summary>
/// What a word is, for the index and for queries alike: the engine gets words with single spaces between them, and
/// decides nothing.
/// </summary>
internal static class SearchWords
{
    /// <summary>
    /// All words of a folded text. In scripts without spaces every character is a word: a run of them is found as a
    /// phrase, wherever it stands.
    /// </summary>
    public static string Of(string folded) => string.Join(' ', Runs(folded).SelectMany(run => run.Words));

    /// <summary>A word each, or in scripts without spaces a row of one-character words, and where it ends.</summary>
    public static IEnumerable<(IReadOnlyList<string> Words, int End)> Runs(string folded)
    {
        var start = 0;
        while (start < folded.Length)
        {
            var kind = KindAt(folded, start, out var end);
            while (end < folded.Length && KindAt(folded, end, out var next) == kind)
            {
                end = next;
            }

            var run = folded[start..end];
            switch (kind)
            {
                case Kind.Spaced:
                    yield return ([run], end);
                    break;
                case Kind.Unspaced:
                    yield return ([.. run.EnumerateRunes().Select(rune => rune.ToString())], end);
                    break;
            }

            start = end;
        }
    }

    private static Kind KindAt(string text, int index, out int end)
    {
        if (!Rune.TryGetRuneAt(text, index, out var rune))
        {
            end = index + 1;
            return Kind.None;
        }

        end = index + rune.Utf16SequenceLength;
        return IsWord(rune) ? IsUnspaced(rune.Value) ? Kind.Unspaced : Kind.Spaced : Kind.None;
    }

    private static bool IsWord(Rune rune) => rune.IsAscii
        ? Rune.IsLetterOrDigit(rune)
        : Rune.GetUnicodeCategory(rune) is <= UnicodeCategory.OtherNumber; // letters, marks and numbers come first

    // Thai, Lao, Myanmar, Khmer, kana, Chinese characters, half-width kana, and the planes of rarer characters.
    private static bool IsUnspaced(int value) => value is
        (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF)
        or (>= 0x3005 and <= 0x3007) or (>= 0x3040 and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF)
        or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0xFF66 and <= 0xFF9D) or (>= 0x20000 and <= 0x3FFFF);

    private enum Kind
    {
        None,
        Spaced,
        Unspaced,
    }
}
