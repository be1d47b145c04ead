using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Lms.Marc;

/// <summary>
/// Writes records of ISO 2709 in UTF-8. Lengths, leader/09, the base address and the directory are computed. The
/// terminators of the format within text become spaces. The stream stays open.
/// </summary>
public sealed class Iso2709Writer(Stream stream) : IAsyncDisposable
{
    private readonly ArrayBufferWriter<byte> data = new();
    private readonly ArrayBufferWriter<byte> output = new();

    /// <summary>Writes the record whole or not at all.</summary>
    /// <exception cref="MarcTooLongException">A field has over 9,999 bytes or the record over 99,999.</exception>
    public async Task WriteAsync(MarcRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        Encode(record);
        await stream.WriteAsync(output.WrittenMemory, cancellationToken);
    }

    public async ValueTask DisposeAsync() => await stream.FlushAsync();

    private void Encode(MarcRecord record)
    {
        data.ResetWrittenCount();
        output.ResetWrittenCount();
        var directory = new StringBuilder(record.Fields.Count * Iso2709.EntryLength);
        foreach (var field in record.Fields)
        {
            var start = data.WrittenCount;
            Add(field);
            data.Write([Iso2709.FieldTerminator]);
            var length = data.WrittenCount - start;
            if (length > Iso2709.LongestField || data.WrittenCount > Iso2709.LongestRecord)
            {
                throw new MarcTooLongException($"Field {field.Tag} of {length} bytes is too long for ISO 2709.");
            }

            directory.Append(CultureInfo.InvariantCulture, $"{field.Tag}{length:D4}{start:D5}");
        }

        var address = Iso2709.LeaderLength + directory.Length + 1;
        var total = address + data.WrittenCount + 1;
        if (total > Iso2709.LongestRecord)
        {
            throw new MarcTooLongException($"A record of {total} bytes is too long for ISO 2709.");
        }

        var leader = record.Leader;
        Encoding.ASCII.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{total:D5}{leader.AsSpan(5, 4)}a22{address:D5}{leader.AsSpan(17, 3)}4500{directory}"),
            output);
        output.Write([Iso2709.FieldTerminator]);
        output.Write(data.WrittenSpan);
        output.Write([Iso2709.RecordTerminator]);
    }

    private void Add(MarcField field)
    {
        switch (field)
        {
            case ControlField control:
                Add(control.Value);
                break;
            case DataField fields:
                Add([fields.Indicator1, fields.Indicator2]);
                foreach (var (code, value) in fields.Subfields)
                {
                    data.Write([Iso2709.Delimiter]);
                    Add([code]);
                    Add(value);
                }

                break;
        }
    }

    private void Add(ReadOnlySpan<char> text)
    {
        var start = data.WrittenCount;
        Encoding.UTF8.GetBytes(text, data);
        if (text.IndexOfAnyInRange((char)Iso2709.RecordTerminator, (char)Iso2709.Delimiter) >= 0)
        {
            Blank(MemoryMarshal.AsMemory(data.WrittenMemory[start..]).Span);
        }
    }

    private static void Blank(Span<byte> bytes)
    {
        foreach (ref var value in bytes)
        {
            value = value is >= Iso2709.RecordTerminator and <= Iso2709.Delimiter ? (byte)' ' : value;
        }
    }
}
