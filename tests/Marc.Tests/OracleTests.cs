namespace Lms.Marc.Tests;

/// <summary>Whole records against those of an independent decoder, but for the leader positions that writers compute.</summary>
public sealed class OracleTests
{
    [Fact]
    public async Task Every_record_is_what_the_independent_decoder_says()
    {
        var differences = new List<string>();
        foreach (var expected in Directory.EnumerateFiles(
            Path.Combine(RealData.Folder, "expected"), "*.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(Path.Combine(RealData.Folder, "expected"), expected);
            var stem = name.Replace(".yaz.xml.gz", "", StringComparison.Ordinal);
            var input = RealData.MarcFiles.Single(
                file => !RealData.IsXml(file) && Path.ChangeExtension(file, null) == Path.Combine("marc", stem));
            Compare(
                input,
                await RealData.ReadAsync(input),
                await RealData.ReadZippedXmlAsync(Path.Combine("expected", name)),
                differences);
        }

        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }

    // Not here: marc2 has three indicators, which MARC 21 has not; marc4 is no record to the other decoder; marc10 and
    // marc12 in their first form hold bytes that no table of MARC-8 has, which the other decoder leaves out in silence.
    [Theory]
    [InlineData("marc/good/solrmarc__specTestRecs.mrc", "marc/good/solrmarc__specTestRecs.xml")]
    [InlineData("marc/good/traject__test_data.utf8.mrc", "marc/good/traject__test_data.utf8.marc.xml")]
    [InlineData("marc/yaz-pairs/marc0.marc", "marc/yaz-pairs/marc0.xml")]
    [InlineData("marc/yaz-pairs/marc6.marc", "marc/yaz-pairs/marc6.xml")]
    [InlineData("marc/yaz-pairs/marc8.marc", "marc/yaz-pairs/marc8.xml")]
    [InlineData("marc/yaz-pairs/marc10.reencoded.marc", "marc/yaz-pairs/marc10.xml")]
    public async Task Twins_are_equal(string first, string second)
    {
        var differences = new List<string>();
        Compare(first, await RealData.ReadAsync(first), await RealData.ReadAsync(second), differences);
        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }

    private static void Compare(
        string file, List<MarcReading> actual, List<MarcReading> expected, List<string> differences)
    {
        if (actual.Count != expected.Count)
        {
            differences.Add($"{file}: {actual.Count} readings, expected {expected.Count}");
        }

        foreach (var (ours, theirs) in actual.Zip(expected))
        {
            if (ours.Record is not { } record || theirs.Record is not { } oracle)
            {
                differences.Add($"{file} #{ours.Number}: {ours.Failure} / {theirs.Failure}");
            }
            else if (!RealData.Normalized(record).HasSameContentAs(RealData.Normalized(oracle)))
            {
                differences.Add($"{file} #{ours.Number}: {First(RealData.Normalized(record), RealData.Normalized(oracle))}");
            }
        }
    }

    private static string First(MarcRecord ours, MarcRecord theirs) =>
        ours.Fields.Zip(theirs.Fields)
            .Where(pair => !pair.First.Equals(pair.Second))
            .Select(pair => $"\n  ours   {pair.First}\n  theirs {pair.Second}")
            .FirstOrDefault($"{ours.Leader} {ours.Fields.Count} / {theirs.Leader} {theirs.Fields.Count}");
}
