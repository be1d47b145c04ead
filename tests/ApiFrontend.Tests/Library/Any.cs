using System.Globalization;

namespace Lms.ApiFrontend.Tests.Library;

/// <summary>Good values that no other test has, for what a test does not care about.</summary>
internal static class Any
{
    private static int s_sequence;

    public static int Number => Interlocked.Increment(ref s_sequence);

    public static string Key => Guid.NewGuid().ToString();

    public static string Isbn
    {
        get
        {
            var twelve = "978" + Number.ToString("D9", CultureInfo.InvariantCulture);
            var sum = twelve.Select((digit, index) => (digit - '0') * (index % 2 == 0 ? 1 : 3)).Sum();
            return $"{twelve}{(10 - (sum % 10)) % 10}";
        }
    }

    public static string Barcode => string.Create(CultureInfo.InvariantCulture, $"C-{Number}");

    public static string Email => string.Create(CultureInfo.InvariantCulture, $"reader{Number}@example.org");

    public static string Genre => string.Create(CultureInfo.InvariantCulture, $"Género {Number}");
}
