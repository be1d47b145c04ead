using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Lms.Marc;

/// <summary>
/// Decodes <see href="https://www.loc.gov/marc/specifications/speccharmarc8.html">MARC-8</see>. Text begins with ASCII
/// as G0 and ANSEL as G1, as every subfield does.
/// </summary>
public static class Marc8
{
    /// <summary>Decodes the bytes of one subfield or control field.</summary>
    /// <param name="bytes">Without field terminators and subfield delimiters.</param>
    /// <param name="text">In Unicode normalization form C; empty when the bytes are not MARC-8.</param>
    /// <param name="problem">A sentence on the first byte that has no meaning; null on success.</param>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out string text, [NotNullWhen(false)] out string? problem)
    {
        if (bytes.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E) < 0 && bytes.IndexOf("&#x"u8) < 0)
        {
            (text, problem) = (Encoding.ASCII.GetString(bytes), null);
            return true;
        }

        var decoder = new Decoder(bytes);
        problem = decoder.Run();
        text = problem is null ? decoder.Text : "";
        return problem is null;
    }

    private ref struct Decoder(ReadOnlySpan<byte> bytes)
    {
        private readonly Marc8Tables tables = Marc8Tables.Instance;
        private readonly ReadOnlySpan<byte> bytes = bytes;
        private readonly StringBuilder text = new(bytes.Length);
        private readonly StringBuilder marks = new();
        private byte g0 = Marc8Tables.Ascii;
        private byte g1 = Marc8Tables.Ansel;
        private int position;

        public readonly string Text => Nfc.Normalize(text.ToString());

        public string? Run()
        {
            while (position < bytes.Length)
            {
                var decoded = bytes[position] switch
                {
                    0x1B => Escape(),
                    0x20 => Emit(" ", 1),
                    0x7F => Skip(),
                    < 0x20 => Emit(((char)bytes[position]).ToString(), 1),
                    (byte)'&' when g0 == Marc8Tables.Ascii && NumericReference() => true,
                    < 0x80 => Graphic(g0),
                    < 0xA0 => Graphic(Marc8Tables.Ansel),
                    _ => Graphic(g1),
                };
                if (!decoded)
                {
                    return $"Byte {bytes[position]:X2} at {position} of \"{Encoding.Latin1.GetString(bytes)}\".";
                }
            }

            text.Append(marks);
            return null;
        }

        /// <summary>Designates a set, see "Accessing alternate graphic character sets" of the specification.</summary>
        private bool Escape()
        {
            var rest = bytes[(position + 1)..];
            var (length, high, set) = rest switch
            {
                [(byte)'s', ..] => (1, false, Marc8Tables.Ascii),
                [(byte)'g', ..] => (1, false, (byte)'g'),
                [(byte)'b' or (byte)'p', ..] => (1, false, rest[0]),
                [(byte)'(' or (byte)',', (byte)'!', (byte)'E', ..] => (3, false, Marc8Tables.Ansel),
                [(byte)')' or (byte)'-', (byte)'!', (byte)'E', ..] => (3, true, Marc8Tables.Ansel),
                [(byte)'(' or (byte)',', var final, ..] => (2, false, final),
                [(byte)')' or (byte)'-', var final, ..] => (2, true, final),
                [(byte)'$', (byte)'(' or (byte)',', Marc8Tables.Eacc, ..] => (3, false, Marc8Tables.Eacc),
                [(byte)'$', (byte)')' or (byte)'-', Marc8Tables.Eacc, ..] => (3, true, Marc8Tables.Eacc),
                [(byte)'$', Marc8Tables.Eacc, ..] => (2, false, Marc8Tables.Eacc),
                _ => (0, false, (byte)0),
            };
            if (length == 0 || !tables.Has(set))
            {
                return false;
            }

            (g0, g1) = high ? (g0, set) : (set, g1);
            position += 1 + length;
            return true;
        }

        private bool Graphic(byte set)
        {
            var length = set == Marc8Tables.Eacc ? 3 : 1;
            if (position + length > bytes.Length)
            {
                return false;
            }

            var code = 0;
            foreach (var part in bytes.Slice(position, length))
            {
                code = (code << 8) | (part & 0x7F);
            }

            if (!tables.TryGet(set, code, out var character))
            {
                return false;
            }

            if (!character.IsCombining)
            {
                return Emit(character.Text, length);
            }

            marks.Append(character.Text);
            position += length;
            return true;
        }

        /// <summary>Marks stand before their letter in MARC-8 and after it in Unicode.</summary>
        private bool Emit(string character, int length)
        {
            text.Append(character).Append(marks);
            marks.Clear();
            position += length;
            return true;
        }

        /// <summary>DELETE is padding: no set has a character there.</summary>
        private bool Skip()
        {
            position++;
            return true;
        }

        /// <summary>"&amp;#x4E00;": how a record in MARC-8 holds a character that MARC-8 lacks.</summary>
        private bool NumericReference()
        {
            var rest = bytes[position..];
            var end = rest[..Math.Min(rest.Length, 10)].IndexOf((byte)';');
            return end > 3
                && rest.StartsWith("&#x"u8)
                && int.TryParse(
                    rest[3..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var scalar)
                && scalar >= 0x80
                && Rune.IsValid(scalar)
                && Emit(char.ConvertFromUtf32(scalar), end + 1);
        }
    }
}
