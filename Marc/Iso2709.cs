using System.Globalization;

namespace Lms.Marc;

/// <summary>
/// The <see href="https://www.loc.gov/marc/specifications/specrecstruc.html">record structure</see> of MARC 21.
/// </summary>
internal static class Iso2709
{
    public const byte RecordTerminator = 0x1D;
    public const byte FieldTerminator = 0x1E;
    public const byte Delimiter = 0x1F;

    public const int LeaderLength = 24;
    public const int EntryLength = 12;

    /// <summary>The most that four and five digits can tell, in bytes.</summary>
    public const int LongestField = 9_999;
    public const int LongestRecord = 99_999;

    public static bool TryNumber(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        return digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Five digits, as at the beginning of each leader.</summary>
    public static bool BeginsWithLength(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        return bytes.Length >= 5 && TryNumber(bytes[..5], out length);
    }

    /// <summary>The base address follows a field terminator, a whole number of entries after the leader.</summary>
    public static bool HasSoundBase(ReadOnlySpan<byte> record) =>
        record.Length > LeaderLength
        && TryNumber(record[12..17], out var address)
        && address > LeaderLength
        && address <= record.Length
        && (address - 1 - LeaderLength) % EntryLength == 0
        && record[address - 1] == FieldTerminator;
}
