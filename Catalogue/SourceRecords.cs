using System.Security.Cryptography;
using System.Text;
using Lms.Grains.Abstractions.Books;
using Lms.Marc;

namespace Lms.Catalogue;

/// <summary>Source records, to and from what they were made of.</summary>
public static class SourceRecords
{
    public static SourceRecord Of(MarcRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return new() { Leader = record.Leader, Fields = [.. record.Fields.Select(Texts)] };
    }

    /// <summary>The MARC record that it was made of; null for a row of a table.</summary>
    public static MarcRecord? ToMarc(SourceRecord source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Leader is null ? null : new(source.Leader, [.. source.Fields.Select(Field)]);
    }

    /// <summary>The same for the same content, 32 hexadecimal digits.</summary>
    public static string Hash(SourceRecord source)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, source.Leader is null ? "" : ContentOf(source.Leader));
        foreach (var field in source.Fields)
        {
            hash.AppendData(BitConverter.GetBytes(field.Length));
            foreach (var text in field)
            {
                Append(hash, text);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    // Lengths, charset and base address are about the bytes of one copy of the record, not about the record.
    private static string ContentOf(string leader) => string.Concat(leader.AsSpan(5, 4), leader.AsSpan(10, 2), leader.AsSpan(17, 3));

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }

    private static string[] Texts(MarcField field) => field switch
    {
        ControlField control => [control.Tag, control.Value],
        DataField data =>
        [
            $"{data.Tag}{data.Indicator1}{data.Indicator2}",
            .. data.Subfields.Select(subfield => $"{subfield.Code}{subfield.Value}"),
        ],
        _ => throw new ArgumentException($"A field is neither control nor data: {field.Tag}.", nameof(field)),
    };

    private static MarcField Field(string[] texts) => texts[0].Length == 3
        ? new ControlField(texts[0], texts[1])
        : new DataField(
            texts[0][..3], texts[0][3], texts[0][4], [.. texts.Skip(1).Select(text => new Subfield(text[0], text[1..]))]);
}
