using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Lms.Grains.Abstractions.Lendings;

/// <summary>The label that identifies one copy: 1 to 50 visible ASCII characters other than a slash, compared as they are.</summary>
[GenerateSerializer, Immutable, Alias("lms.barcode"), JsonConverter(typeof(TextConverter<Barcode>))]
public readonly record struct Barcode : IText<Barcode>
{
    public const int MaxLength = 50;

    private Barcode(string label) => Label = label;

    [Id(0)] public string Label { get; private init; }

    public static bool TryParse([NotNullWhen(true)] string? text, out Barcode barcode)
    {
        barcode = default;
        if (text is not { Length: >= 1 and <= MaxLength } || text.AsSpan().ContainsAnyExceptInRange('!', '~') || text.Contains('/', StringComparison.Ordinal))
        {
            return false;
        }

        barcode = new(text);
        return true;
    }

    public static Barcode Of(string text) =>
        TryParse(text, out var barcode) ? barcode : throw new FormatException($"'{text}' is not a barcode.");

    public override string ToString() => Label;
}
