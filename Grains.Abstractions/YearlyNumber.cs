using System.Globalization;

namespace Lms.Grains.Abstractions;

/// <summary>Numbers that start again every year: a year of four digits and a sequence without padding.</summary>
internal static class YearlyNumber
{
    public static bool TryParse(string? year, string? sequence, out int y, out int s)
    {
        s = 0;
        return int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out y)
            && y is >= 1970 and <= 9999
            && int.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out s)
            && sequence == s.ToString(CultureInfo.InvariantCulture);
    }
}
