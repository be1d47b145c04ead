using System.Globalization;
using System.Text;

namespace Lms.Marc.Tests;

/// <summary>Records of our own making, and the readings of bytes.</summary>
internal static class Sample
{
    public const string Leader = "00000nam a2200000 a 4500";

    public static readonly DataField Title =
        new("245", '1', '0', [new('a', "Any title /"), new('c', "any author.")]);

    public static readonly MarcRecord Book = new(
        Leader,
        [
            new ControlField("001", "any-1"),
            new DataField("020", ' ', ' ', [new('a', "9780306406157")]),
            new DataField("100", '1', ' ', [new('a', "Čapek, Karel,"), new('d', "1890-1938.")]),
            Title,
        ]);

    /// <summary>ISO 2709 with a directory that fits, whatever the data are.</summary>
    public static byte[] Iso(char coding, params (string Tag, byte[] Data)[] fields)
    {
        var directory = new StringBuilder();
        var data = new List<byte>();
        foreach (var (tag, bytes) in fields)
        {
            directory.Append(CultureInfo.InvariantCulture, $"{tag}{bytes.Length + 1:D4}{data.Count:D5}");
            data.AddRange([.. bytes, 0x1E]);
        }

        var address = 25 + directory.Length;
        var length = address + data.Count + 1;
        return
        [
            .. Encoding.ASCII.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{length:D5}nam {coding}22{address:D5} a 4500{directory}")),
            0x1E,
            .. data,
            0x1D,
        ];
    }

    public static byte[] Iso(string title = "Any title") =>
        Iso('a', ("001", Bytes("any-1")), ("245", Bytes($"10\u001Fa{title}")));

    public static byte[] Bytes(string latin1) => Encoding.Latin1.GetBytes(latin1);

    /// <summary>The record with some of its text changed and its lengths left as they were.</summary>
    public static byte[] With(this byte[] record, string old, string changed) =>
        Bytes(Encoding.Latin1.GetString(record).Replace(old, changed, StringComparison.Ordinal));

    public static Task<List<MarcReading>> ReadIsoAsync(params byte[][] parts) =>
        ReadAsync(Iso2709Reader.ReadAsync, parts.SelectMany(part => part).ToArray());

    public static Task<List<MarcReading>> ReadXmlAsync(string xml) =>
        ReadAsync(MarcXmlReader.ReadAsync, Encoding.UTF8.GetBytes(xml));

    public static async Task<List<MarcReading>> ReadAsync(
        Func<Stream, CancellationToken, IAsyncEnumerable<MarcReading>> read, byte[] bytes) =>
        await read(new MemoryStream(bytes), TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

    public static async Task<byte[]> ToIsoAsync(params MarcRecord[] records)
    {
        var stream = new MemoryStream();
        await using (var writer = new Iso2709Writer(stream))
        {
            foreach (var record in records)
            {
                await writer.WriteAsync(record, TestContext.Current.CancellationToken);
            }
        }

        return stream.ToArray();
    }

    public static async Task<byte[]> ToXmlAsync(params IEnumerable<MarcRecord> records)
    {
        var stream = new MemoryStream();
        await using (var writer = new MarcXmlWriter(stream))
        {
            foreach (var record in records)
            {
                await writer.WriteAsync(record, TestContext.Current.CancellationToken);
            }
        }

        return stream.ToArray();
    }
}
