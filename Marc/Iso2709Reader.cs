using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Lms.Marc;

/// <summary>
/// Reads records of <see href="https://www.loc.gov/marc/specifications/specrecstruc.html">ISO 2709</see>, one by one.
/// Whatever the bytes are, the only exceptions are those of the stream and of cancellation.
/// </summary>
public static class Iso2709Reader
{
    /// <summary>In bytes. A longer record fails; the format can tell 99,999 only, but systems write more.</summary>
    public const int LongestRecord = 1 << 20;

    private static readonly SearchValues<byte> Padding = SearchValues.Create(" \0\t\r\n\x1A"u8);

    /// <summary>Reads to the end of the stream and leaves it open.</summary>
    public static async IAsyncEnumerable<MarcReading> ReadAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var segments = new Iso2709Segments(stream);
        var number = 0;
        long? strange = null;
        while (await segments.NextAsync(cancellationToken) is { } segment)
        {
            var readings = Readings(segment);
            if (readings is [{ Failure.Code: MarcProblems.NotMarc }])
            {
                strange ??= readings[0].Offset;
                continue;
            }

            if (strange is { } before && readings.Count > 0)
            {
                strange = null;
                yield return NotMarc(before) with { Number = ++number };
            }

            foreach (var reading in readings)
            {
                yield return reading with { Number = ++number };
            }
        }

        if (strange is { } rest)
        {
            yield return NotMarc(rest) with { Number = ++number };
        }
    }

    /// <summary>None for whitespace; two when a record was cut short by the next.</summary>
    private static List<MarcReading> Readings(Iso2709Segment segment)
    {
        var bytes = segment.Bytes.Span;
        var begin = bytes.IndexOfAnyExcept(Padding);
        if (begin < 0 || (begin == bytes.Length - 1 && segment.Ending is SegmentEnding.Terminator))
        {
            return [];
        }

        // A byte order mark is no text.
        begin += bytes[begin..].StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
        if (segment.Ending is not SegmentEnding.Terminator)
        {
            return [Unterminated(segment, begin)];
        }

        if (Iso2709.BeginsWithLength(bytes[begin..], out var length) && length == bytes.Length - begin)
        {
            return [Record(segment, begin, [])];
        }

        if (Inner(bytes, begin, exact: true) is { } inner)
        {
            return Iso2709.BeginsWithLength(bytes[begin..inner], out _) && inner - begin >= Iso2709.LeaderLength
                ? [Truncated(segment, begin), Record(segment, inner, [])]
                : [Record(segment, inner, [Junk(bytes[begin..inner])])];
        }

        // A leader whose length is blank begins with the spaces that were taken for padding.
        for (var start = begin; start >= Math.Max(0, begin - 5); start--)
        {
            if (Iso2709.BeginsWithLength(bytes[start..], out _) || Iso2709.HasSoundBase(bytes[start..]))
            {
                return [Record(segment, start, [])];
            }
        }

        return Inner(bytes, begin, exact: false) is { } later
            ? [Record(segment, later, [Junk(bytes[begin..later])])]
            : [NotMarc(segment.Offset + begin)];
    }

    /// <summary>Where, after what is no record, one begins.</summary>
    private static int? Inner(ReadOnlySpan<byte> bytes, int begin, bool exact)
    {
        for (var start = begin + 1; start < bytes.Length - Iso2709.LeaderLength; start++)
        {
            if (Iso2709.BeginsWithLength(bytes[start..], out var length)
                && (!exact || length == bytes.Length - start)
                && Iso2709.HasSoundBase(bytes[start..]))
            {
                return start;
            }
        }

        return null;
    }

    private static MarcReading Record(Iso2709Segment segment, int start, MarcProblem[] before)
    {
        var record = segment.Bytes.Span[start..];
        var warnings = new ProblemList();
        var offset = segment.Offset + start;
        if (record.Length <= Iso2709.LeaderLength)
        {
            return Failed(offset, MarcProblems.Truncated, "The record ends within its leader.");
        }

        if (!Iso2709.BeginsWithLength(record, out var length))
        {
            return Failed(offset, MarcProblems.LengthNotNumeric, "The first five bytes of the leader are no number.");
        }

        if (length != record.Length)
        {
            warnings.Add(MarcProblems.WrongLength, $"The leader says {length} bytes, the record has {record.Length}.");
        }

        if (record[..Iso2709.LeaderLength].IndexOfAnyExceptInRange((byte)' ', (byte)'~') >= 0)
        {
            warnings.Add(MarcProblems.Leader, $"The leader has characters that are not printable.");
        }

        var places = Iso2709Directory.Locate(record, warnings, out var failure);
        var fields = failure is null ? new Iso2709Text(warnings).Read(record, places, out failure) : [];
        return new()
        {
            Number = 0,
            Offset = offset,
            Record = failure is null ? new(Encoding.Latin1.GetString(record[..Iso2709.LeaderLength]), fields) : null,
            Failure = failure,
            Warnings = [.. before, .. warnings.ToList()],
        };
    }

    private static MarcReading Unterminated(Iso2709Segment segment, int begin)
    {
        var bytes = segment.Bytes.Span;
        return Iso2709.BeginsWithLength(bytes[begin..], out _) || Iso2709.HasSoundBase(bytes[begin..])
            ? segment.Ending is SegmentEnding.TooLong
                ? Failed(segment.Offset + begin, MarcProblems.TooLong, $"No end within {LongestRecord} bytes.")
                : Truncated(segment, begin)
            : NotMarc(segment.Offset + begin);
    }

    private static MarcReading Truncated(Iso2709Segment segment, int begin) =>
        Failed(segment.Offset + begin, MarcProblems.Truncated, "The record ends before its terminator.");

    private static MarcReading NotMarc(long offset) =>
        Failed(offset, MarcProblems.NotMarc, "Nothing here looks like a record.");

    private static MarcReading Failed(long offset, string code, string detail) =>
        new() { Number = 0, Offset = offset, Failure = new(code, detail) };

    private static MarcProblem Junk(ReadOnlySpan<byte> bytes) =>
        new(MarcProblems.Junk, $"{bytes.Length} bytes before the record were skipped.");
}
