using System.Globalization;
using System.Text.Json.Serialization;

namespace Lms.Grains.Abstractions.Readers;

/// <summary>Names one reader, such as <c>2024/1</c>: the first of its year.</summary>
[GenerateSerializer, Immutable, Alias("lms.reader-number"), JsonConverter(typeof(TextConverter<ReaderNumber>))]
public readonly record struct ReaderNumber : IText<ReaderNumber>
{
    public ReaderNumber(int year, int sequence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(year, 1970);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(year, 9999);
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        Year = year;
        Sequence = sequence;
    }

    [Id(0)] public int Year { get; private init; }

    [Id(1)] public int Sequence { get; private init; }

    public static bool TryParse(string? year, string? sequence, out ReaderNumber number)
    {
        number = default;
        if (!YearlyNumber.TryParse(year, sequence, out var y, out var s))
        {
            return false;
        }

        number = new(y, s);
        return true;
    }

    public static bool TryParse(string? text, out ReaderNumber number)
    {
        number = default;
        return text?.Split('/') is [var year, var sequence] && TryParse(year, sequence, out number);
    }

    public static ReaderNumber Of(string text) =>
        TryParse(text, out var number) ? number : throw new FormatException($"'{text}' is not a reader number.");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year}/{Sequence}");
}
