using System.Globalization;
using System.Text.Json.Serialization;

namespace Lms.Grains.Abstractions.Users;

/// <summary>Names one user: a positive number, given out in order.</summary>
[GenerateSerializer, Immutable, Alias("lms.user-id"), JsonConverter(typeof(TextConverter<UserId>))]
public readonly record struct UserId : IText<UserId>
{
    public UserId(long value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        Value = value;
    }

    [Id(0)] public long Value { get; private init; }

    public static bool TryParse(string? text, out UserId id)
    {
        id = default;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < 1)
        {
            return false;
        }

        id = new(value);
        return true;
    }

    public static UserId Of(string text) => new(long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture));

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
