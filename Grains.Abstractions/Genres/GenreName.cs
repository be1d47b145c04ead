using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Lms.Grains.Abstractions.Genres;

/// <summary>Names a genre whatever its spelling: two texts that fold alike are one genre.</summary>
[GenerateSerializer, Immutable, Alias("lms.genre-name"), JsonConverter(typeof(TextConverter<GenreName>))]
public readonly record struct GenreName : IText<GenreName>
{
    public const int MaxLength = 100;

    private GenreName(string folded) => Folded = folded;

    /// <summary>Lower case, without accents.</summary>
    [Id(0)] public string Folded { get; private init; }

    /// <summary>Accepts 1 to <see cref="MaxLength"/> characters that are not blank, in any spelling.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out GenreName name)
    {
        name = default;
        if (string.IsNullOrWhiteSpace(text) || text.Trim().Length > MaxLength || text.Any(char.IsControl))
        {
            return false;
        }

        name = new(Folding.Fold(text.Trim()));
        return name.Folded.Length > 0;
    }

    public static GenreName Of(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is not a genre.");

    public override string ToString() => Folded;
}
