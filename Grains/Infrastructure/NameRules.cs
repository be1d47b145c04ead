using System.Text.RegularExpressions;
using Lms.Grains.Abstractions;

namespace Lms.Grains.Infrastructure;

/// <summary>What the name of a person may be. Pure.</summary>
internal static partial class NameRules
{
    public const int MaxLength = 150;

    /// <summary>The refusal, or null for a good name.</summary>
    /// <param name="name">As given.</param>
    /// <param name="forbiddenWords">No word of the name may contain one of these, whatever the letter case.</param>
    public static Rejection? Check(string? name, IReadOnlyCollection<string>? forbiddenWords = null)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return NameRejections.Missing;
        }

        if (name.Length > MaxLength)
        {
            return NameRejections.TooLong;
        }

        if (!Pattern().IsMatch(name))
        {
            return NameRejections.NotAName;
        }

        return forbiddenWords?.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)) == true
            ? NameRejections.Forbidden
            : null;
    }

    [GeneratedRegex(@"\A[\p{L}0-9\s'-]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
