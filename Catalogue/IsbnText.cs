using System.Text;
using Lms.Grains.Abstractions.Books;

namespace Lms.Catalogue;

/// <summary>ISBNs as catalogues write them: with hyphens, qualifiers, prices, or without their leading zeros.</summary>
public static class IsbnText
{
    /// <summary>Reads "0-306-40615-2 (pbk.) : $12.50" and the nine digits of an SBN.</summary>
    /// <param name="text">Begins with the ISBN.</param>
    /// <param name="isbn">The ISBN-13.</param>
    /// <param name="asGiven">Ten or thirteen characters.</param>
    public static bool TryParse(string? text, out Isbn isbn, out string asGiven)
    {
        asGiven = Characters(text);
        if (asGiven.Length == 9)
        {
            asGiven = "0" + asGiven;
        }

        return Isbn.TryParse(asGiven, out isbn);
    }

    /// <summary>As <see cref="TryParse"/>, for cells that a spreadsheet took for numbers: leading zeros may be lost.</summary>
    public static bool TryParseCell(string? text, out Isbn isbn, out string asGiven)
    {
        if (TryParse(text, out isbn, out asGiven))
        {
            return true;
        }

        asGiven = Characters(text);
        if (asGiven.Length is >= 6 and < 10)
        {
            asGiven = asGiven.PadLeft(10, '0');
        }

        return Isbn.TryParse(asGiven, out isbn);
    }

    private static string Characters(string? text)
    {
        var characters = new StringBuilder(13);
        foreach (var character in (text ?? "").AsSpan().Trim())
        {
            if (character is (>= '0' and <= '9') or 'X' or 'x')
            {
                characters.Append(char.ToUpperInvariant(character));
            }
            else if (character is not ('-' or '\u2010' or '\u2011' or '\u2012' or '\u2013'))
            {
                break;
            }
        }

        return characters.ToString();
    }
}
