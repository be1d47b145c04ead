using System.Text;

namespace Lms.ReadModel.Infrastructure;

internal static class Prefix
{
    private static readonly Rune Last = new(0x10FFFF);

    /// <summary>
    /// The first text, in the order of code points, that is greater than all texts with this prefix; null when there is
    /// none, as for the empty prefix. UTF-8 bytes, and so binary collations, have the same order.
    /// </summary>
    public static string? End(string prefix)
    {
        var runes = prefix.EnumerateRunes().ToList();
        while (runes is [.., var last])
        {
            runes.RemoveAt(runes.Count - 1);
            if (last != Last)
            {
                return string.Concat(runes.Append(Next(last)));
            }
        }

        return null;
    }

    // Surrogates are no characters: they are stepped over.
    private static Rune Next(Rune rune) => rune.Value == 0xD7FF ? new Rune(0xE000) : new Rune(rune.Value + 1);
}
