using System.Text;

namespace Lms.Marc;

/// <summary>Finds the fields of a record, by its directory or, when that lies, by their terminators.</summary>
internal static class Iso2709Directory
{
    public readonly record struct Entry(string Tag, int Length, int Start);

    /// <summary>A field without its terminator, as a place in the record.</summary>
    public readonly record struct Place(string Tag, int Start, int Length);

    /// <param name="record">From the leader to the record terminator.</param>
    /// <param name="warnings">Learns what does not fit.</param>
    /// <param name="failure">Why there are no fields; null on success.</param>
    public static List<Place> Locate(ReadOnlySpan<byte> record, ProblemList warnings, out MarcProblem? failure)
    {
        failure = null;
        if (Entries(record, warnings, out var dataStart) is not { } entries)
        {
            failure = new(MarcProblems.Directory, "The directory is not made of entries of numbers.");
            return [];
        }

        var data = record[Math.Min(dataStart, record.Length - 1)..^1];
        if (Fit(entries, data, innerTerminators: false))
        {
            if (entries.Sum(entry => (long)entry.Length) < data.Length - 1)
            {
                warnings.Add(MarcProblems.Directory, $"The record holds data to which no entry points.");
            }

            return [.. entries.Select(AsWritten)];
        }

        var fields = Split(data);
        if (fields.Count == entries.Count)
        {
            warnings.Add(MarcProblems.Directory, $"The directory does not fit; fields were told by their terminators.");
            return InOrder(entries, fields, data.Length, dataStart);
        }

        if (Fit(entries, data, innerTerminators: true))
        {
            warnings.Add(MarcProblems.Directory, $"A field terminator stands within a field.");
            return [.. entries.Select(AsWritten)];
        }

        if (InCharacters(entries, data) is { } inBytes && Fit(inBytes, data, innerTerminators: true))
        {
            warnings.Add(
                MarcProblems.Directory, $"The directory counts characters; a field holds a field terminator.");
            return [.. inBytes.Select(AsWritten)];
        }

        failure = new(
            MarcProblems.Directory, $"The directory has {entries.Count} entries, the data {fields.Count} fields.");
        return [];

        Place AsWritten(Entry entry) => new(entry.Tag, dataStart + entry.Start, entry.Length - 1);
    }

    private static List<Entry>? Entries(ReadOnlySpan<byte> record, ProblemList warnings, out int dataStart)
    {
        var found = record[Iso2709.LeaderLength..].IndexOf(Iso2709.FieldTerminator);
        var terminator = found < 0 ? record.Length - 1 : Iso2709.LeaderLength + found;
        dataStart = terminator + 1;
        var directory = record[Iso2709.LeaderLength..terminator];
        var isNumeric = Iso2709.TryNumber(record[12..17], out var address);
        if (found >= 0 && Parse(directory, allowLong: false) is { } entries)
        {
            if (address != dataStart)
            {
                warnings.Add(MarcProblems.BaseAddress, $"The data begin at {dataStart}, not where the leader says.");
            }

            return entries;
        }

        if (isNumeric && address > Iso2709.LeaderLength && address <= terminator
            && Parse(record[Iso2709.LeaderLength..(address - 1)], allowLong: false) is { } unterminated)
        {
            dataStart = address;
            warnings.Add(MarcProblems.Directory, $"The directory is not terminated.");
            return unterminated;
        }

        if (found < 0 || Parse(directory, allowLong: true) is not { } odd)
        {
            return null;
        }

        warnings.Add(MarcProblems.Directory, $"An entry of the directory has a length of five digits.");
        return odd;
    }

    /// <param name="directory">Without its terminator.</param>
    /// <param name="allowLong">Whether an entry may have five digits for a field that is too long for four.</param>
    private static List<Entry>? Parse(ReadOnlySpan<byte> directory, bool allowLong)
    {
        var surplus = directory.Length % Iso2709.EntryLength;
        if (surplus != 0 && !allowLong)
        {
            return null;
        }

        var entries = new List<Entry>(directory.Length / Iso2709.EntryLength);
        var expected = 0;
        while (!directory.IsEmpty)
        {
            var isLong = surplus > 0
                && directory.Length > Iso2709.EntryLength
                && Iso2709.TryNumber(directory[8..13], out var after)
                && after == expected;
            var digits = isLong ? 5 : 4;
            if (directory.Length < digits + 8
                || !Iso2709.TryNumber(directory[3..(3 + digits)], out var length)
                || !Iso2709.TryNumber(directory.Slice(3 + digits, 5), out var start))
            {
                return null;
            }

            surplus -= isLong ? 1 : 0;
            entries.Add(new(Tag(directory[..3]), length, start));
            expected = start + length;
            directory = directory[(digits + 8)..];
        }

        return entries;
    }

    private static string Tag(ReadOnlySpan<byte> bytes)
    {
        var tag = Encoding.Latin1.GetString(bytes);
        return MarcField.IsTag(tag)
            ? tag
            : string.Create(3, tag, static (span, text) =>
            {
                for (var i = 0; i < span.Length; i++)
                {
                    span[i] = text[i] is >= ' ' and <= '~' ? text[i] : '?';
                }
            });
    }

    /// <summary>Whether each entry is a field, and none is told twice: a small record stays small.</summary>
    private static bool Fit(List<Entry> entries, ReadOnlySpan<byte> data, bool innerTerminators)
    {
        var told = 0L;
        foreach (var (_, length, start) in entries)
        {
            var end = start + length - 1;
            told += length;
            if (length < 1
                || end > data.Length
                || told > data.Length + 1
                || (end < data.Length && data[end] != Iso2709.FieldTerminator)
                || (start > 0 && data[start - 1] != Iso2709.FieldTerminator)
                || (!innerTerminators && data[start..end].Contains(Iso2709.FieldTerminator)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The entries of a system that counted characters of UTF-8 where bytes are meant.</summary>
    private static List<Entry>? InCharacters(List<Entry> entries, ReadOnlySpan<byte> data)
    {
        var starts = new List<int>(data.Length + 1);
        for (var i = 0; i < data.Length; i++)
        {
            if ((data[i] & 0xC0) != 0x80)
            {
                starts.Add(i);
            }
        }

        starts.Add(data.Length);
        starts.Add(data.Length + 1);
        return entries.TrueForAll(entry => entry.Start + entry.Length < starts.Count)
            ? entries.ConvertAll(entry => entry with
            {
                Start = starts[entry.Start],
                Length = starts[entry.Start + entry.Length] - starts[entry.Start],
            })
            : null;
    }

    private static List<(int Start, int Length)> Split(ReadOnlySpan<byte> data)
    {
        var fields = new List<(int, int)>();
        for (var start = 0; start < data.Length;)
        {
            var length = data[start..].IndexOf(Iso2709.FieldTerminator);
            length = length < 0 ? data.Length - start : length;
            fields.Add((start, length));
            start += length + 1;
        }

        return fields;
    }

    /// <summary>Starts that could be true tell the order of the data; else it is that of the directory.</summary>
    private static List<Place> InOrder(
        List<Entry> entries, List<(int Start, int Length)> fields, int dataLength, int dataStart)
    {
        var order = Enumerable.Range(0, entries.Count);
        if (entries.TrueForAll(entry => entry.Start < dataLength + entries.Count))
        {
            order = order.OrderBy(i => entries[i].Start);
        }

        var places = new Place[entries.Count];
        foreach (var (field, entry) in order.Index())
        {
            places[entry] = new(entries[entry].Tag, dataStart + fields[field].Start, fields[field].Length);
        }

        return [.. places];
    }
}
