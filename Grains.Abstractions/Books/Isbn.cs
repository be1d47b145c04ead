using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Lms.Grains.Abstractions.Books;

/// <summary>An ISBN-13 with a valid check digit; an ISBN-10 becomes the ISBN-13 of the same book.</summary>
[GenerateSerializer, Immutable, Alias("lms.isbn"), JsonConverter(typeof(TextConverter<Isbn>))]
public readonly record struct Isbn : IText<Isbn>
{
    private Isbn(string digits) => Digits = digits;

    /// <summary>Thirteen digits.</summary>
    [Id(0)] public string Digits { get; private init; }

    /// <summary>A number that the library gave a work without ISBN: GS1 prefixes 20 to 29 are for use within one house.</summary>
    public bool IsLocal => Digits[0] == '2';

    /// <summary>The local number with the given serial, from 1.</summary>
    public static Isbn Local(int serial)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(serial, 1);
        var twelve = string.Create(CultureInfo.InvariantCulture, $"20{serial:D10}");
        return new(twelve + CheckDigit(twelve));
    }

    /// <summary>Reads ten or thirteen characters without hyphens, as the contract wants them.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Isbn isbn)
    {
        isbn = text switch
        {
            { Length: 13 } when IsThirteen(text) => new(text),
            { Length: 10 } when IsTen(text) => new(ToThirteen(text)),
            _ => default,
        };
        return isbn.Digits is not null;
    }

    public static Isbn Of(string text) =>
        TryParse(text, out var isbn) ? isbn : throw new FormatException($"'{text}' is not an ISBN.");

    public override string ToString() => Digits;

    private static bool IsThirteen(string text) =>
        text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 && CheckDigit(text.AsSpan(0, 12)) == text[12];

    private static bool IsTen(string text)
    {
        if (text.AsSpan(0, 9).IndexOfAnyExceptInRange('0', '9') >= 0 || text[9] is not ('X' or (>= '0' and <= '9')))
        {
            return false;
        }

        var sum = text[9] == 'X' ? 10 : text[9] - '0';
        for (var i = 0; i < 9; i++)
        {
            sum += (10 - i) * (text[i] - '0');
        }

        return sum % 11 == 0;
    }

    private static string ToThirteen(string ten)
    {
        var twelve = string.Concat("978", ten.AsSpan(0, 9));
        return twelve + CheckDigit(twelve);
    }

    private static char CheckDigit(ReadOnlySpan<char> twelve)
    {
        var sum = 0;
        for (var i = 0; i < twelve.Length; i++)
        {
            sum += (twelve[i] - '0') * (i % 2 == 0 ? 1 : 3);
        }

        return (char)('0' + ((10 - (sum % 10)) % 10));
    }
}
