using System.IO.Compression;
using System.Xml.Linq;
using Lms.Grains.Abstractions.Books;
using Lms.Marc;

namespace Lms.Imports.Tests;

/// <summary>One field of a record, as plain as can be: of a control field the value, of a data field codes and texts.</summary>
internal sealed record PlainField(string Tag, string Indicators, string Value, IReadOnlyList<(char Code, string Text)> Parts)
{
    public string? First(char code) => Parts.Where(part => part.Code == code).Select(part => part.Text).FirstOrDefault();

    public IEnumerable<string> All(string codes) => Parts.Where(part => codes.Contains(part.Code)).Select(part => part.Text);

    public override string ToString() => $"{Tag} {Indicators} {Value}{string.Concat(Parts.Select(part => $"${part.Code}{part.Text}"))}";
}

/// <summary>A record without any opinion about what it means.</summary>
internal sealed record PlainRecord(string Leader, IReadOnlyList<PlainField> Fields)
{
    private static readonly XNamespace s_marc = "http://www.loc.gov/MARC21/slim";

    public IEnumerable<PlainField> Of(params string[] tags) => Fields.Where(field => tags.Contains(field.Tag));

    public string? Control(string tag) => Of(tag).FirstOrDefault()?.Value;

    /// <summary>Everything but the leader, as one text.</summary>
    public string Content => string.Join('\n', Fields);

    /// <summary>The records of an independent decoder, in normalization form C.</summary>
    public static List<PlainRecord> Decoded(string path)
    {
        using var file = File.OpenRead(path);
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        return
        [
            .. XDocument.Load(unzipped, LoadOptions.PreserveWhitespace).Descendants(s_marc + "record").Select(record => new PlainRecord(
                record.Element(s_marc + "leader")!.Value,
                [
                    .. record.Elements().Where(field => field.Attribute("tag") is not null).Select(field => new PlainField(
                        field.Attribute("tag")!.Value,
                        $"{field.Attribute("ind1")?.Value}{field.Attribute("ind2")?.Value}",
                        field.HasElements ? "" : Nfc.Normalize(field.Value),
                        [
                            .. field.Elements(s_marc + "subfield")
                                .Select(part => (part.Attribute("code")!.Value[0], Nfc.Normalize(part.Value))),
                        ])),
                ])),
        ];
    }

    /// <summary>The record that a book keeps.</summary>
    public static PlainRecord Of(SourceRecord source) => new(
        source.Leader ?? "",
        [
            .. source.Fields.Select(field => field[0].Length == 3
                ? new PlainField(field[0], "", Nfc.Normalize(field[1]), [])
                : new PlainField(
                    field[0][..3], field[0][3..], "", [.. field.Skip(1).Select(part => (part[0], Nfc.Normalize(part[1..])))])),
        ]);

    public static PlainRecord Of(MarcRecord record) => new(
        record.Leader,
        [
            .. record.Fields.Select(field => field switch
            {
                ControlField control => new PlainField(control.Tag, "", control.Value, []),
                DataField data => new PlainField(
                    data.Tag, $"{data.Indicator1}{data.Indicator2}", "", [.. data.Subfields.Select(part => (part.Code, part.Value))]),
                _ => throw new InvalidOperationException("Neither control nor data."),
            }),
        ]);
}
