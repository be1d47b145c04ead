using System.Text;
using System.Text.Unicode;

namespace Lms.Marc;

/// <summary>
/// Turns the bytes of fields into text. Leader/09 is what systems forget to change, so the bytes decide: UTF-8 when
/// they are valid UTF-8, else MARC-8, else the record fails.
/// </summary>
internal sealed class Iso2709Text(ProblemList warnings)
{
    private bool isMarc8;
    private string? problem;

    /// <param name="record">From the leader to the record terminator.</param>
    /// <param name="places">The fields of the record.</param>
    /// <param name="failure">Why the bytes are no text; null on success.</param>
    public List<MarcField> Read(
        ReadOnlySpan<byte> record, List<Iso2709Directory.Place> places, out MarcProblem? failure)
    {
        var data = record[Iso2709.LeaderLength..];
        var claimsUtf8 = record[9] == 'a';
        var isAscii = Ascii.IsValid(data);
        var isUtf8 = isAscii || Utf8.IsValid(data);
        var escapes = data.Contains((byte)0x1B);
        failure = null;

        if (!isUtf8 || (escapes && (isAscii || !claimsUtf8)) || (isAscii && !claimsUtf8))
        {
            var fields = Decode(record, places, marc8: true);
            if (problem is null)
            {
                if (claimsUtf8)
                {
                    warnings.Add(MarcProblems.ClaimsUtf8, $"The leader says UTF-8, the record is MARC-8.");
                }

                return fields;
            }

            if (!isUtf8 || (isAscii && !claimsUtf8))
            {
                failure = new(MarcProblems.Encoding, $"Neither UTF-8 nor MARC-8: {problem}");
                return [];
            }
        }

        if (!claimsUtf8)
        {
            warnings.Add(MarcProblems.ClaimsMarc8, $"The leader says MARC-8, the record is UTF-8.");
        }

        return Decode(record, places, marc8: false);
    }

    private List<MarcField> Decode(ReadOnlySpan<byte> record, List<Iso2709Directory.Place> places, bool marc8)
    {
        isMarc8 = marc8;
        problem = null;
        var fields = new List<MarcField>(places.Count);
        foreach (var (tag, start, length) in places)
        {
            fields.Add(Field(tag, record.Slice(start, length)));
            if (problem is not null)
            {
                problem = $"field {tag}: {problem}";
                break;
            }
        }

        return fields;
    }

    private MarcField Field(string tag, ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf(Iso2709.Delimiter);
        var prefix = Text(end < 0 ? bytes : bytes[..end]);
        var subfields = new List<Subfield>();
        while (end >= 0)
        {
            bytes = bytes[(end + 1)..];
            end = bytes.IndexOf(Iso2709.Delimiter);
            var part = end < 0 ? bytes : bytes[..end];
            if (part.IsEmpty)
            {
                warnings.Add(MarcProblems.Subfield, $"Field {tag} has a delimiter with nothing after it.");
                continue;
            }

            subfields.Add(Part(tag, part));
        }

        return FieldShape.Of(tag, prefix, subfields, warnings);
    }

    private Subfield Part(string tag, ReadOnlySpan<byte> part)
    {
        if (part[0] is > (byte)' ' and < 0x7F)
        {
            return new((char)part[0], Text(part[1..]));
        }

        warnings.Add(MarcProblems.Subfield, $"Field {tag} has a subfield with an odd code.");
        if (part[0] < 0x80)
        {
            return new(part[0] == Iso2709.FieldTerminator ? Subfield.NoCode : (char)part[0], Text(part[1..]));
        }

        var text = Text(part);
        return text is [var code, .. var value] && !char.IsSurrogate(code)
            ? new(code, value)
            : new(Subfield.NoCode, text);
    }

    private string Text(ReadOnlySpan<byte> bytes)
    {
        if (problem is not null)
        {
            return "";
        }

        var text = isMarc8 && Marc8.TryDecode(bytes, out var decoded, out problem)
            ? decoded
            : Encoding.UTF8.GetString(bytes);
        return text.Replace((char)Iso2709.FieldTerminator, ' ');
    }
}
