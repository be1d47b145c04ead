using Lms.Grains.Abstractions;

namespace Lms.ApiFrontend.Http;

/// <summary>What clients search for.</summary>
internal static class SearchText
{
    /// <summary>Longer than any title, name or genre that could be found.</summary>
    public const int MaxLength = 500;

    /// <summary>As the read model stores it; null for nothing to search for.</summary>
    public static string? FoldedOrNull(string? text) => string.IsNullOrEmpty(text) ? null : Folded(text);

    /// <inheritdoc cref="FoldedOrNull"/>
    public static string Folded(string text) => text.Length <= MaxLength
        ? Folding.Fold(text)
        : throw new BadHttpRequestException($"Search for at most {MaxLength} characters.");
}
