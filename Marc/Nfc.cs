using System.Globalization;
using System.Text;

namespace Lms.Marc;

/// <summary>
/// <see href="https://www.unicode.org/reports/tr15/">Unicode normalization form C</see>. The library's own, because
/// <see cref="string.Normalize()"/> leaves text as it is where globalization is invariant.
/// </summary>
internal static class Nfc
{
    private const int FirstSyllable = 0xAC00;
    private const int FirstLeading = 0x1100;
    private const int FirstVowel = 0x1161;
    private const int NoTrailing = 0x11A7;
    private const int Leadings = 19;
    private const int Vowels = 21;
    private const int Trailings = 28;

    private static readonly Dictionary<int, byte> Classes = [];
    private static readonly Dictionary<int, int[]> Decompositions = [];
    private static readonly Dictionary<(int, int), int> Compositions = [];

    static Nfc()
    {
        using var stream = typeof(Nfc).Assembly.GetManifestResourceStream("nfc.txt")!;
        using var lines = new StreamReader(stream, Encoding.ASCII);
        while (lines.ReadLine() is { } line)
        {
            var parts = line.Split(' ');
            if (parts[0].Split("..") is [var first, var last])
            {
                for (var code = Hex(first); code <= Hex(last); code++)
                {
                    Classes[code] = byte.Parse(parts[1], CultureInfo.InvariantCulture);
                }
            }
            else if (parts[0] is not "#")
            {
                var composes = parts[^1] is not "!";
                int[] decomposed = [.. parts.Skip(1).Where(part => part is not "!").Select(Hex)];
                Decompositions[Hex(parts[0])] = decomposed;
                if (composes)
                {
                    Compositions[(decomposed[0], decomposed[1])] = Hex(parts[0]);
                }
            }
        }
    }

    public static string Normalize(string text)
    {
        // Nothing before U+0300 composes with its like.
        if (text.AsSpan().IndexOfAnyExceptInRange('\0', '\u02FF') < 0)
        {
            return text;
        }

        var codes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, codes);
        }

        Order(codes);
        var normalized = new StringBuilder(text.Length);
        foreach (var code in Compose(codes))
        {
            normalized.Append(new Rune(code).ToString());
        }

        return normalized.ToString();
    }

    private static void Decompose(int code, List<int> codes)
    {
        var syllable = code - FirstSyllable;
        if (syllable is >= 0 and < Leadings * Vowels * Trailings)
        {
            codes.Add(FirstLeading + (syllable / (Vowels * Trailings)));
            codes.Add(FirstVowel + (syllable / Trailings % Vowels));
            if (syllable % Trailings != 0)
            {
                codes.Add(NoTrailing + (syllable % Trailings));
            }
        }
        else if (Decompositions.TryGetValue(code, out var parts))
        {
            foreach (var part in parts)
            {
                Decompose(part, codes);
            }
        }
        else
        {
            codes.Add(code);
        }
    }

    /// <summary>Sorts each run of marks by combining class; marks of one class keep their order.</summary>
    private static void Order(List<int> codes)
    {
        for (var start = 0; start < codes.Count; start++)
        {
            var end = start;
            while (end < codes.Count && Class(codes[end]) != 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                int[] sorted = [.. codes[start..end].OrderBy(Class)];
                for (var i = 0; i < sorted.Length; i++)
                {
                    codes[start + i] = sorted[i];
                }
            }

            start = Math.Max(start, end);
        }
    }

    private static List<int> Compose(List<int> codes)
    {
        var composed = new List<int>(codes.Count);
        var starter = -1;
        var last = -1;
        foreach (var code in codes)
        {
            var order = Class(code);
            if (starter >= 0 && last < order && Pair(composed[starter], code) is { } pair)
            {
                composed[starter] = pair;
                continue;
            }

            if (order == 0)
            {
                starter = composed.Count;
                last = -1;
            }
            else
            {
                last = order;
            }

            composed.Add(code);
        }

        return composed;
    }

    private static int? Pair(int first, int second)
    {
        if (first - FirstLeading is >= 0 and < Leadings && second - FirstVowel is >= 0 and < Vowels)
        {
            return FirstSyllable + (((first - FirstLeading) * Vowels + second - FirstVowel) * Trailings);
        }

        var syllable = first - FirstSyllable;
        if (syllable is >= 0 and < Leadings * Vowels * Trailings
            && syllable % Trailings == 0
            && second - NoTrailing is > 0 and < Trailings)
        {
            return first + second - NoTrailing;
        }

        return Compositions.TryGetValue((first, second), out var pair) ? pair : null;
    }

    private static int Class(int code) => Classes.GetValueOrDefault(code);

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
