using System.Text;
using Lms.Grains.Abstractions.Imports;

namespace Lms.Catalogue;

/// <summary>What the first bytes of an uploaded file tell.</summary>
/// <param name="Format">What it is; null when it is no catalogue.</param>
/// <param name="Problem">Why it is none, for people.</param>
/// <param name="IsUnknownType">True when the file is of a type that is never read, false when it is broken.</param>
public sealed record CatalogueHead(CatalogueFormat? Format, string? Problem, bool IsUnknownType)
{
    private const int Length = 64 * 1024;

    private static readonly (byte[] Magic, string Name)[] s_others =
    [
        ("PK\u0003\u0004"u8.ToArray(), "a ZIP archive or a spreadsheet: send the file in it, or save it as CSV"),
        ("%PDF"u8.ToArray(), "a PDF document"),
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], "an image"),
        ([0xFF, 0xD8, 0xFF], "an image"),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old spreadsheet: save it as CSV"),
        ([0xFF, 0xFE], "text in UTF-16: save it as UTF-8"),
        ([0xFE, 0xFF], "text in UTF-16: save it as UTF-8"),
        ("BZh"u8.ToArray(), "zipped by bzip2: use gzip"),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z'], "zipped by xz: use gzip"),
        ([0x28, 0xB5, 0x2F, 0xFD], "zipped by zstd: use gzip"),
    ];

    /// <summary>The first 64 KiB, or all there is.</summary>
    public static async Task<byte[]> ReadAsync(Stream unzipped, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(unzipped);
        var head = new byte[Length];
        var read = await unzipped.ReadAtLeastAsync(head, Length, throwOnEndOfStream: false, cancellationToken);
        return head[..read];
    }

    /// <summary>Judges the beginning of an unzipped file.</summary>
    /// <param name="head">Its first bytes.</param>
    /// <param name="claimed">What the sender says that it is; null for no claim.</param>
    /// <param name="map">The columns of a table.</param>
    public static CatalogueHead Of(ReadOnlySpan<byte> head, CatalogueFormat? claimed, string? map)
    {
        if (head.Trim(" \r\n\t\0"u8).Length == 0)
        {
            return Broken("The file is empty.");
        }

        foreach (var (magic, name) in s_others)
        {
            if (head.StartsWith(magic))
            {
                return Unknown($"The file is {name}.");
            }
        }

        var found = IsMarc(head) ? new(CatalogueFormat.Marc21, null, false) : IsXml(head) ? OfXml(head) : OfText(head, map, claimed);
        return found.Format is { } format && claimed is { } said && said != format
            ? Broken($"The file is {Name(format)}, not {Name(said)}.")
            : found;
    }

    /// <summary>Comma, semicolon or tab: whichever the first line has most of outside quotes.</summary>
    internal static string Delimiter(string head)
    {
        var counts = new Dictionary<char, int> { [','] = 0, [';'] = 0, ['\t'] = 0 };
        var isQuoted = false;
        foreach (var character in head)
        {
            if (character == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (!isQuoted && character is '\n' or '\r')
            {
                break;
            }
            else if (!isQuoted && counts.TryGetValue(character, out var count))
            {
                counts[character] = count + 1;
            }
        }

        return counts.MaxBy(pair => pair.Value).Key.ToString();
    }

    // A leader, with or without junk before it, or at least its separators.
    private static bool IsMarc(ReadOnlySpan<byte> head) => head.IndexOfAny((byte)0x1D, (byte)0x1E) >= 0
        || (head.Length >= 24 && head[..5].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            && head[12..17].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 && head[20..22].SequenceEqual("45"u8));

    private static bool IsXml(ReadOnlySpan<byte> head) => WithoutBom(head).TrimStart(" \r\n\t"u8).StartsWith("<"u8);

    private static CatalogueHead OfXml(ReadOnlySpan<byte> head)
    {
        var text = Encoding.Latin1.GetString(head);
        return text.Contains("<!DOCTYPE html", StringComparison.OrdinalIgnoreCase) || text.Contains("<html", StringComparison.OrdinalIgnoreCase)
            ? Unknown("The file is a web page.")
            : text.Contains("record", StringComparison.Ordinal) || text.Contains("collection", StringComparison.Ordinal)
                ? new(CatalogueFormat.MarcXml, null, false)
                : Broken("The file is XML, but has no MARC records in it.");
    }

    private static CatalogueHead OfText(ReadOnlySpan<byte> head, string? map, CatalogueFormat? claimed)
    {
        var text = WithoutBom(head);
        if (text.Contains((byte)0) || text.IndexOfAnyInRange((byte)1, (byte)8) >= 0)
        {
            return Unknown("The file is neither MARC21, MARCXML nor CSV.");
        }

        if (claimed is CatalogueFormat.Marc21 or CatalogueFormat.MarcXml)
        {
            return Broken($"The file is not {Name(claimed.Value)}.");
        }

        var header = Header(Encoding.Latin1.GetString(text), Encoding.UTF8.GetString(text));
        return CsvColumns.TryCreate(header, map, out _, out var problem)
            ? new(CatalogueFormat.Csv, null, false)
            : Broken(problem);
    }

    private static string[] Header(string latin, string utf)
    {
        // What follows the last line may be cut within a character.
        var lines = utf[..(utf.LastIndexOf('\n') + 1)] is { Length: > 0 } whole ? whole : utf;
        var text = lines.Contains('\uFFFD', StringComparison.Ordinal) ? latin : lines;
        using var parser = new CsvHelper.CsvParser(
            new StringReader(text),
            new CsvHelper.Configuration.CsvConfiguration(System.Globalization.CultureInfo.InvariantCulture)
            {
                Delimiter = Delimiter(text),
                BadDataFound = null,
            });
        return parser.Read() ? parser.Record! : [];
    }

    private static ReadOnlySpan<byte> WithoutBom(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? head[3..] : head;

    private static string Name(CatalogueFormat format) => format switch
    {
        CatalogueFormat.Marc21 => "MARC21",
        CatalogueFormat.MarcXml => "MARCXML",
        _ => "CSV",
    };

    private static CatalogueHead Broken(string problem) => new(null, problem, IsUnknownType: false);

    private static CatalogueHead Unknown(string problem) => new(null, problem, IsUnknownType: true);
}
