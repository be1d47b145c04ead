namespace Lms.Process.Tests.Imports;

public sealed class ImportKillTests(ITestOutputHelper output) : ImportThroughKills(output)
{
    private const int Records = 4000;

    [Fact]
    public async Task An_import_through_kills_ends_as_one_without()
    {
        var calm = await KillAsync(SyntheticCatalogue.Of(Records), "", Kills);

        Assert.Equal("read 4000, created 3040, updated 800, unchanged 0, skipped 80, failed 80, warnings 0", calm.Numbers);
        var storage = calm.Storage;
        Assert.Equal((97, 3040, 400, 400), (storage.Authors.Count, storage.Books, storage.LocalBooks, storage.LocalNumbers));
    }
}
