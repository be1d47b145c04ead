using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lms.Grains.Abstractions;

namespace Lms.Catalogue;

/// <summary>What a book without ISBN is found again by.</summary>
public static class LocalKeys
{
    /// <summary>
    /// A source that names itself numbers its records: source and control number are the key. Without a source, control
    /// numbers of two libraries may be alike, so the title counts too; without a number, everything that tells editions apart.
    /// </summary>
    public static string Of(
        string? source, string? control, string title, string? author, string? publisher, int? year, string? edition)
    {
        string?[] parts = (source, control) switch
        {
            (not null, not null) => [source, control],
            (null, not null) => [control, Folding.Fold(title), Folding.Fold(author ?? "")],
            _ =>
            [
                source, Folding.Fold(title), Folding.Fold(author ?? ""), Folding.Fold(publisher ?? ""),
                year?.ToString(CultureInfo.InvariantCulture), Folding.Fold(edition ?? ""),
            ],
        };
        var text = string.Join('\u001F', parts.Prepend(parts.Length.ToString(CultureInfo.InvariantCulture)));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}
