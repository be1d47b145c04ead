using System.IO.Compression;

namespace Lms.Marc.Tests;

/// <summary>The collection of real files that LMS_TEST_DATA names; its tests are skipped where there is none.</summary>
internal static class RealData
{
    private static readonly string? Root = Environment.GetEnvironmentVariable("LMS_TEST_DATA");

    public static bool IsPresent => Directory.Exists(Root);

    public static string Folder
    {
        get
        {
            Assert.SkipUnless(IsPresent, "LMS_TEST_DATA names no folder of real files.");
            return Root!;
        }
    }

    public static IEnumerable<string> MarcFiles =>
        Directory.EnumerateFiles(Path.Combine(Folder, "marc"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder, path))
            .Order(StringComparer.Ordinal);

    public static bool IsXml(string file) => file.EndsWith(".xml", StringComparison.Ordinal);

    public static Task<List<MarcReading>> ReadAsync(string file) =>
        Sample.ReadAsync(IsXml(file) ? MarcXmlReader.ReadAsync : Iso2709Reader.ReadAsync, Bytes(file));

    public static byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(Folder, file));

    public static async Task<List<MarcReading>> ReadZippedXmlAsync(string file)
    {
        await using var zipped = File.OpenRead(Path.Combine(Folder, file));
        await using var stream = new GZipStream(zipped, CompressionMode.Decompress);
        return await MarcXmlReader.ReadAsync(stream, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);
    }

    public static MarcRecord Normalized(MarcRecord record) => new(record.Leader, [.. record.Fields.Select(Normalized)]);

    private static MarcField Normalized(MarcField field) => field switch
    {
        ControlField control => control with { Value = Nfc.Normalize(control.Value) },
        DataField data => data with
        {
            Subfields = [.. data.Subfields.Select(part => part with { Value = Nfc.Normalize(part.Value) })],
        },
        _ => field,
    };
}
