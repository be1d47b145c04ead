using System.Globalization;
using System.Text.Json.Serialization;

namespace Lms.Grains.Abstractions.Lendings;

/// <summary>Names one lending, such as <c>2024/13</c>: the thirteenth of its year.</summary>
[GenerateSerializer, Immutable, Alias("lms.lending-number"), JsonConverter(typeof(TextConverter<LendingNumber>))]
public readonly record struct LendingNumber : IText<LendingNumber>
{
    public LendingNumber(int year, int sequence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(year, 1970);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(year, 9999);
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        Year = year;
        Sequence = sequence;
    }

    [Id(0)] public int Year { get; private init; }

    [Id(1)] public int Sequence { get; private init; }

    public static bool TryParse(string? year, string? sequence, out LendingNumber number)
    {
        number = default;
        if (!YearlyNumber.TryParse(year, sequence, out var y, out var s))
        {
            return false;
        }

        number = new(y, s);
        return true;
    }

    public static bool TryParse(string? text, out LendingNumber number)
    {
        number = default;
        return text?.Split('/') is [var year, var sequence] && TryParse(year, sequence, out number);
    }

    public static LendingNumber Of(string text) =>
        TryParse(text, out var number) ? number : throw new FormatException($"'{text}' is not a lending number.");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year}/{Sequence}");
}
