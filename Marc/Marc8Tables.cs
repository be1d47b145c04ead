using System.Globalization;
using System.Text;

namespace Lms.Marc;

/// <summary>
/// The <see href="https://www.loc.gov/marc/specifications/specchartables.html">code tables</see> of the Library of
/// Congress, as <c>Tables/generate.cs</c> wrote them down.
/// </summary>
internal sealed class Marc8Tables
{
    public const byte Ascii = 0x42;
    public const byte Ansel = 0x45;
    public const byte Eacc = 0x31;

    private readonly Dictionary<int, Marc8Character> characters = [];
    private readonly HashSet<byte> sets = [];

    private Marc8Tables(TextReader lines)
    {
        while (lines.ReadLine() is { } line)
        {
            var parts = line.Split(' ');
            var set = (byte)Hex(parts[0]);
            var code = Hex(parts[1]);
            sets.Add(set);
            foreach (var text in parts.AsSpan(2))
            {
                if (text != ".")
                {
                    characters[Key(set, code)] = Character(text);
                }

                code++;
            }
        }
    }

    public static Marc8Tables Instance { get; } = Load();

    public bool Has(byte set) => sets.Contains(set);

    /// <param name="set">The final byte of the escape sequence which designates the set.</param>
    /// <param name="code">One byte, or three in the East Asian set, the high bits taken off.</param>
    public bool TryGet(byte set, int code, out Marc8Character character) =>
        characters.TryGetValue(Key(set, code), out character);

    private static Marc8Tables Load()
    {
        using var stream = typeof(Marc8Tables).Assembly.GetManifestResourceStream("marc8.txt")!;
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return new(reader);
    }

    private static int Key(byte set, int code) => (set << 24) | code;

    private static Marc8Character Character(string text) => text switch
    {
        "-" => new("", IsCombining: true),
        [.. var hex, '+'] => new(char.ConvertFromUtf32(Hex(hex)), IsCombining: true),
        _ => new(char.ConvertFromUtf32(Hex(text)), IsCombining: false),
    };

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}

/// <param name="Text">Empty for the second half of a mark over two letters: Unicode has one mark for both.</param>
internal readonly record struct Marc8Character(string Text, bool IsCombining);
