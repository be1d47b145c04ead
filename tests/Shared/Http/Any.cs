using System.Globalization;
using System.Security.Cryptography;

namespace Lms.Tests.Shared;

/// <summary>Fresh values that break no rule and meet no other test's values.</summary>
internal static class Any
{
    public const string Password = "Leitura!123";

    /// <summary>Hexadecimal, so that no forbidden word can hide in it.</summary>
    public static string Word => Guid.NewGuid().ToString("N")[..14];

    public static string PersonName => $"Nome {Word}";

    public static string GenreName => $"Tema {Word}";

    public static string Title => $"Livro {Word}";

    public static string Bio => $"Escreve {Word}.";

    public static string Email => $"{Word}@example.org";

    public static string Phone => $"9{Digits(8)}";

    public static string Barcode => $"B{Digits(12)}";

    public static string Key => Guid.NewGuid().ToString("D");

    public static string Isbn13
    {
        get
        {
            var digits = (RandomNumberGenerator.GetInt32(2) == 0 ? "978" : "979") + Digits(9);
            return digits + Isbn13Check(digits);
        }
    }

    public static string Isbn10
    {
        get
        {
            var digits = Digits(9);
            return digits + Isbn10Check(digits);
        }
    }

    public static string Isbn10EndingInX
    {
        get
        {
            while (true)
            {
                if (Isbn10 is [.., 'X'] isbn)
                {
                    return isbn;
                }
            }
        }
    }

    /// <summary>The same number with a last digit that does not check.</summary>
    public static string Misprinted(string isbn) => isbn[..^1] + (isbn[^1] == '3' ? '4' : '3');

    public static string Digits(int count) => string.Create(count, 0, (span, _) =>
    {
        foreach (ref var digit in span)
        {
            digit = (char)('0' + RandomNumberGenerator.GetInt32(10));
        }
    });

    public static string Isbn13Check(string digits)
    {
        var sum = digits.Select((digit, index) => (digit - '0') * (index % 2 == 0 ? 1 : 3)).Sum();
        return ((10 - (sum % 10)) % 10).ToString(CultureInfo.InvariantCulture);
    }

    public static string Isbn10Check(string digits)
    {
        var sum = digits.Select((digit, index) => (digit - '0') * (10 - index)).Sum();
        var check = (11 - (sum % 11)) % 11;
        return check == 10 ? "X" : check.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The fields of a registration that is accepted; those named replace or, when null, remove a field.
    /// </summary>
    public static (string Name, string Value)[] Reader(params (string Name, string? Value)[] instead)
    {
        (string Name, string? Value)[] fields =
        [
            ("username", Email), ("password", Password), ("fullName", PersonName), ("birthDate", "2000-01-01"),
            ("phoneNumber", Phone), ("gdpr", "true"), ("marketing", "true"), ("thirdParty", "true"),
        ];
        return
        [
            .. fields.Where(field => !instead.Any(other => other.Name == field.Name)).Concat(instead)
                .Where(field => field.Value is not null).Select(field => (field.Name, field.Value!)),
        ];
    }
}
