using System.Buffers;
using System.Text;

namespace Lms.ReadModel.Infrastructure;

/// <summary>Text as databases keep it, in rows and in questions.</summary>
internal static class StoredText
{
    private static readonly SearchValues<char> s_doubtful =
        SearchValues.Create(['\0', .. Enumerable.Range(0xD800, 0x800).Select(number => (char)number)]);

    /// <summary>
    /// Neither NUL nor half a surrogate pair can be sent to PostgreSQL: a replacement stands for each. In every database, so
    /// that each finds and sorts alike.
    /// </summary>
    public static string Of(string text) => text.AsSpan().ContainsAny(s_doubtful)
        ? string.Concat(text.EnumerateRunes().Select(rune => (rune.Value == 0 ? Rune.ReplacementChar : rune).ToString()))
        : text;
}
