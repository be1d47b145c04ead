using System.Text;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Imports;
using Lms.Marc;

namespace Lms.Catalogue.Tests;

/// <summary>What a test does not care about.</summary>
internal static class Any
{
    public static readonly CatalogueOptions Options = new();

    public static readonly Genres Genres = new(Options);

    public static MarcRecord Record(params MarcField[] fields) => new("00000nam a2200000 i 4500", fields);

    public static DataField Field(string tag, string subfields) => Field(tag, ' ', ' ', subfields);

    /// <param name="tag">The tag.</param>
    /// <param name="first">The first indicator.</param>
    /// <param name="second">The second indicator.</param>
    /// <param name="subfields">As in "$aSummerland /$cMichael Chabon.".</param>
    public static DataField Field(string tag, char first, char second, string subfields) => new(
        tag,
        first,
        second,
        [.. subfields.Split('$', StringSplitOptions.RemoveEmptyEntries).Select(text => new Subfield(text[0], text[1..]))]);

    public static MarcField Title { get; } = Field("245", "$aAny title");

    /// <summary>What a record of these fields and a title says of its book.</summary>
    public static CatalogueBook Book(params MarcField[] fields) => new MarcBooks(Genres)
        .Map(Record([.. fields, .. fields.Any(field => field.Tag == "245") ? [] : new[] { Title }]), source: null).Book!;

    public static ExportedBook Exported => new()
    {
        Isbn = Isbn.Of("9780786816156"),
        IsbnAsGiven = "0786816155",
        Title = "Summerland",
        Authors = ["Michael Chabon"],
        Genre = "Fantasy",
        Details = new(),
    };

    public static async Task<List<CatalogueReading>> ReadAsync(
        byte[] file, CatalogueFormat format, string? map = null, string? source = null, string? authorSeparator = null)
    {
        var readings = new List<CatalogueReading>();
        var catalogue = new CatalogueFile(
            _ => Task.FromResult<Stream>(new MemoryStream(file, writable: false)), new(format, map, source, authorSeparator), Genres);
        await foreach (var reading in catalogue.ReadAsync(TestContext.Current.CancellationToken))
        {
            readings.Add(reading);
        }

        return readings;
    }

    public static Task<List<CatalogueReading>> ReadCsvAsync(string text, string? map = null, string? authorSeparator = null) =>
        ReadAsync(Encoding.UTF8.GetBytes(text), CatalogueFormat.Csv, map, authorSeparator: authorSeparator);
}
