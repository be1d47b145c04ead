using System.Text;

namespace Lms.Marc;

/// <summary>Characters that <see href="https://www.w3.org/TR/xml/#charsets">XML 1.0</see> cannot hold.</summary>
internal static class XmlText
{
    /// <summary>U+FFFD in place of each of them.</summary>
    public static string Holdable(string text)
    {
        var forbidden = FirstForbidden(text, 0);
        if (forbidden < 0)
        {
            return text;
        }

        var holdable = new StringBuilder(text);
        for (; forbidden >= 0; forbidden = FirstForbidden(text, forbidden + 1))
        {
            holdable[forbidden] = '\uFFFD';
        }

        return holdable.ToString();
    }

    private static int FirstForbidden(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\t' or '\n' or '\r' or (>= ' ' and < '\uD800') or (>= '\uE000' and < '\uFFFE'):
                    break;
                case >= '\uD800' and < '\uE000' when i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]):
                    i++;
                    break;
                default:
                    return i;
            }
        }

        return -1;
    }
}
