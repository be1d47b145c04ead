using System.Globalization;

namespace Lms.Process.Tests.Imports;

/// <summary>
/// An import comes to the same end through any number of <c>kill -9</c>. <c>LMS_TEST_SEED</c> repeats the choices of a run,
/// <c>LMS_IMPORT_KILLS</c> asks for more kills than twenty.
/// </summary>
public sealed class ImportKillTests(ITestOutputHelper output)
{
    private const int Records = 4000;

    private static int Seed => Environment.GetEnvironmentVariable("LMS_TEST_SEED") is { Length: > 0 } seed
        ? int.Parse(seed, CultureInfo.InvariantCulture)
        : 20_240_229;

    private static int Kills => Environment.GetEnvironmentVariable("LMS_IMPORT_KILLS") is { Length: > 0 } kills
        ? int.Parse(kills, CultureInfo.InvariantCulture)
        : 20;

    [Fact]
    public async Task An_import_through_kills_ends_as_one_without()
    {
        var calm = await KillAsync(SyntheticCatalogue.Of(Records), "", Kills);

        Assert.Equal("read 4000, created 3040, updated 800, unchanged 0, skipped 80, failed 80, warnings 0", calm.Numbers);
        var storage = calm.Storage;
        Assert.Equal((97, 3040, 400, 400), (storage.Authors.Count, storage.Books, storage.LocalBooks, storage.LocalNumbers));
    }

    [Theory]
    [InlineData("marc/good/solrmarc__uva_001_2000.mrc", "")]
    [InlineData("catalogue/goodbooks10k_books.csv.gz", "authorSeparator=%2C")]
    public async Task An_import_of_a_real_file_through_kills_ends_as_one_without(string file, string query)
    {
        var root = Environment.GetEnvironmentVariable("LMS_TEST_DATA");
        Assert.SkipUnless(Directory.Exists(root), "LMS_TEST_DATA names no folder of real files.");
        await KillAsync(await File.ReadAllBytesAsync(Path.Combine(root!, file), TestContext.Current.CancellationToken), query, Kills / 4);
    }

    private async Task<Imported> KillAsync(byte[] file, string query, int kills)
    {
        var random = new Random(Seed);
        await using var calm = new KilledImport(file, query, random);
        await calm.RunAsync(kills: 0);
        var expected = await calm.ResultAsync();
        Assert.Distinct(expected.Storage.Authors, StringComparer.Ordinal);
        output.WriteLine($"Seed {Seed} (LMS_TEST_SEED). Without kills: {expected.Numbers}; {expected.Storage.Books} books.");
        var again = (await calm.AgainAsync()).Split(", ");
        Assert.Equal(["created 0", "updated 0"], again[1..3]);

        // Some kills come after the end of an import; those that are left over are for the next one.
        var moment = Moment.Upload;
        for (var left = kills; left > 0; moment = (Moment)(((int)moment + 1) % 4))
        {
            await using var killed = new KilledImport(file, query, random, moment);
            try
            {
                await killed.RunAsync(left);
                var actual = await killed.ResultAsync();
                Assert.Equal(expected.Numbers, actual.Numbers);
                Assert.Equal(expected.Storage.Authors, actual.Storage.Authors);
                Assert.Equal(expected.Storage with { Authors = [] }, actual.Storage with { Authors = [] });
                Assert.Equal(expected.Books, actual.Books);
                Assert.Equal(again, (await killed.AgainAsync()).Split(", "));
                Assert.Empty(await killed.LeftAsync());
            }
            finally
            {
                output.WriteLine($"Killed: {string.Join(", ", killed.Kills.DefaultIfEmpty("never"))}");
            }

            left -= Math.Max(killed.Kills.Count, 1);
        }

        return expected;
    }
}
