using System.Globalization;
using System.Text.Json.Serialization;

namespace Lms.Grains.Abstractions.Imports;

/// <summary>Names one import: 32 hexadecimal digits.</summary>
[GenerateSerializer, Immutable, Alias("lms.import-id"), JsonConverter(typeof(TextConverter<ImportId>))]
public readonly record struct ImportId([property: Id(0)] Guid Value) : IText<ImportId>
{
    public static ImportId New() => new(Guid.NewGuid());

    public static bool TryParse(string? text, out ImportId id)
    {
        var isId = Guid.TryParseExact(text, "N", out var value);
        id = new(value);
        return isId;
    }

    public static ImportId Of(string text) => new(Guid.ParseExact(text, "N"));

    public override string ToString() => Value.ToString("N", CultureInfo.InvariantCulture);
}
