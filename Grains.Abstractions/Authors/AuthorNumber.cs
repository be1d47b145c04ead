using System.Globalization;
using System.Text.Json.Serialization;

namespace Lms.Grains.Abstractions.Authors;

/// <summary>Names one author: a positive number, given out in order.</summary>
[GenerateSerializer, Immutable, Alias("lms.author-number"), JsonConverter(typeof(TextConverter<AuthorNumber>))]
public readonly record struct AuthorNumber : IText<AuthorNumber>
{
    public AuthorNumber(long value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        Value = value;
    }

    [Id(0)] public long Value { get; private init; }

    public static bool TryParse(string? text, out AuthorNumber number)
    {
        number = default;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < 1)
        {
            return false;
        }

        number = new(value);
        return true;
    }

    public static AuthorNumber Of(string text) => new(long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture));

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
