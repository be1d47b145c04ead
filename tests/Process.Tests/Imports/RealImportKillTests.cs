namespace Lms.Process.Tests.Imports;

public sealed class RealImportKillTests(ITestOutputHelper output) : ImportThroughKills(output)
{
    [Theory]
    [InlineData("marc/good/solrmarc__uva_001_2000.mrc", "")]
    [InlineData("catalogue/goodbooks10k_books.csv.gz", "authorSeparator=%2C")]
    public async Task An_import_of_a_real_file_through_kills_ends_as_one_without(string file, string query)
    {
        var root = Environment.GetEnvironmentVariable("LMS_TEST_DATA");
        Assert.SkipUnless(Directory.Exists(root), "LMS_TEST_DATA names no folder of real files.");
        await KillAsync(await File.ReadAllBytesAsync(Path.Combine(root!, file), TestContext.Current.CancellationToken), query, Kills / 4);
    }
}
