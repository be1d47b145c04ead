using System.Globalization;

namespace Lms.ApiFrontend.Http;

/// <summary>Dates of the contract: <c>yyyy-MM-dd</c>.</summary>
internal static class Dates
{
    public const string Format = "Use yyyy-MM-dd";

    public static bool TryParse(string? text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
}
