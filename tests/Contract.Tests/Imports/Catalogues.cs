using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Lms.Contract.Tests;

/// <summary>A field of a MARC record: a control field has a value only, a data field indicators and subfields.</summary>
internal sealed record Marc(string Tag, string Value)
{
    public static Marc Control(string tag, string value) => new(tag, value);

    /// <param name="tag">The tag.</param>
    /// <param name="indicators">Two characters.</param>
    /// <param name="subfields">Code and value in one text.</param>
    public static Marc Data(string tag, string indicators, params string[] subfields) =>
        new(tag, indicators + string.Concat(subfields.Select(subfield => '\u001F' + subfield)));
}

/// <summary>Catalogue files written by hand, as the library has to understand them.</summary>
internal static class Catalogues
{
    private const string Header = "isbn,title,authors,genre,id\n";

    public static string Csv(params string[] rows) => Header + string.Concat(rows.Select(row => row + "\n"));

    public static string Row(string isbn, string title, string author = "Ana Bela", string genre = "Prosa", string id = "") =>
        $"{isbn},{title},{author},{genre},{id}";

    /// <summary>More records than are imported while a request is under way.</summary>
    public static string Long() => Csv([.. Enumerable.Range(0, 3000).Select(_ => Row(Any.Isbn13, "Livro"))]);

    /// <summary>A book as MARC has it.</summary>
    public static Marc[] Book(string title, params Marc[] others) =>
    [
        .. others.Where(field => field.Tag[0] == '0'),
        Marc.Data("245", "10", "a" + title),
        .. others.Where(field => field.Tag[0] != '0'),
    ];

    public static byte[] Iso2709(params Marc[][] records) => [.. records.SelectMany(record => Iso2709(record))];

    /// <param name="fields">Of one record.</param>
    /// <param name="type">Leader/06: "a" for a book.</param>
    public static byte[] Iso2709(Marc[] fields, char type = 'a')
    {
        var (directory, data) = (new StringBuilder(), new List<byte>());
        foreach (var field in fields)
        {
            byte[] bytes = [.. Encoding.UTF8.GetBytes(field.Value), 0x1E];
            directory.Append(CultureInfo.InvariantCulture, $"{field.Tag}{bytes.Length:D4}{data.Count:D5}");
            data.AddRange(bytes);
        }

        var start = 24 + directory.Length + 1;
        var leader = string.Create(CultureInfo.InvariantCulture, $"{start + data.Count + 1:D5}n{type}m a22{start:D5} a 4500");
        return [.. Encoding.ASCII.GetBytes(leader + directory), 0x1E, .. data, 0x1D];
    }

    public static string MarcXml(params Marc[][] records) =>
        $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <collection xmlns="http://www.loc.gov/MARC21/slim">{string.Concat(records.Select(MarcXml))}</collection>
        """;

    public static byte[] Gzip(byte[] content)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return zipped.ToArray();
    }

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string MarcXml(Marc[] fields) =>
        $"<record><leader>00000nam a2200000 a 4500</leader>{string.Concat(fields.Select(FieldXml))}</record>";

    private static string FieldXml(Marc field) => field.Tag.StartsWith("00", StringComparison.Ordinal)
        ? $"<controlfield tag=\"{field.Tag}\">{Xml(field.Value)}</controlfield>"
        : $"<datafield tag=\"{field.Tag}\" ind1=\"{field.Value[0]}\" ind2=\"{field.Value[1]}\">"
            + string.Concat(field.Value.Split('\u001F').Skip(1).Select(subfield =>
                $"<subfield code=\"{subfield[0]}\">{Xml(subfield[1..])}</subfield>"))
            + "</datafield>";

    private static string Xml(string text) => System.Security.SecurityElement.Escape(text);
}
