using System.Globalization;

namespace Lms.Process.Tests.Imports;

/// <summary>
/// An import comes to the same end through any number of <c>kill -9</c>. <c>LMS_TEST_SEED</c> repeats the choices of a run,
/// <c>LMS_IMPORT_KILLS</c> asks for more kills than twenty.
/// </summary>
public abstract class ImportThroughKills(ITestOutputHelper output)
{
    private static int Seed => Environment.GetEnvironmentVariable("LMS_TEST_SEED") is { Length: > 0 } seed
        ? int.Parse(seed, CultureInfo.InvariantCulture)
        : 20_240_229;

    private protected static int Kills => Environment.GetEnvironmentVariable("LMS_IMPORT_KILLS") is { Length: > 0 } kills
        ? int.Parse(kills, CultureInfo.InvariantCulture)
        : 20;

    private protected async Task<Imported> KillAsync(byte[] file, string query, int kills)
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
