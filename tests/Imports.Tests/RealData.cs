namespace Lms.Imports.Tests;

/// <summary>The collection of real files that LMS_TEST_DATA names; its tests are skipped where there is none.</summary>
internal static class RealData
{
    private static readonly string[] s_folders = ["marc", "catalogue"];
    private static readonly string? s_root = Environment.GetEnvironmentVariable("LMS_TEST_DATA");

    public static string Folder
    {
        get
        {
            Assert.SkipUnless(Directory.Exists(s_root), "LMS_TEST_DATA names no folder of real files.");
            return s_root!;
        }
    }

    /// <summary>Every file that is a catalogue or looks like one, as the table of docs/import.md names it.</summary>
    public static IReadOnlyList<string> Catalogues =>
    [
        .. s_folders
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Folder, folder), "*", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Files of which an independent decoder has told the records, with what it told.</summary>
    public static IReadOnlyList<(string File, string Expected)> Decoded
    {
        get
        {
            var root = Path.Combine(Folder, "expected");
            return
            [
                .. Directory.EnumerateFiles(root, "*.yaz.xml.gz", SearchOption.AllDirectories)
                    .Order(StringComparer.Ordinal)
                    .Select(path =>
                    {
                        var stem = Path.GetRelativePath(root, path).Replace(".yaz.xml.gz", "", StringComparison.Ordinal);
                        var file = Catalogues.Single(file => !file.EndsWith(".xml", StringComparison.Ordinal)
                            && Path.ChangeExtension(file, null) == $"marc/{stem.Replace('\\', '/')}");
                        return (file, path);
                    }),
            ];
        }
    }

    public static byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(Folder, file));
}
