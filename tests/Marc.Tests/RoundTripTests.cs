namespace Lms.Marc.Tests;

public sealed class RoundTripTests
{
    [Fact]
    public async Task Every_record_of_the_real_files_is_read_again_as_itself()
    {
        var differences = new List<string>();
        foreach (var file in RealData.MarcFiles)
        {
            var records = (await RealData.ReadAsync(file)).Select(reading => reading.Record).OfType<MarcRecord>().ToList();
            differences.AddRange((await RoundTrip.DifferencesAsync(records)).Select(difference => $"{file}: {difference}"));
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [Fact]
    public async Task A_record_of_our_own_is_read_again_as_itself() =>
        Assert.Equal([], await RoundTrip.DifferencesAsync([Sample.Book]));

    [Fact]
    public async Task Characters_that_the_formats_use_themselves_are_replaced()
    {
        var record = new MarcRecord(Sample.Leader, [new ControlField("001", "a\u001Eb\u0000c")]);

        var iso = Assert.Single(await Sample.ReadIsoAsync(await Sample.ToIsoAsync(record)));
        var xml = Assert.Single(await Sample.ReadAsync(MarcXmlReader.ReadAsync, await Sample.ToXmlAsync(record)));

        Assert.Equal("a b\0c", iso.Record!.Control("001"));
        Assert.Equal("a\uFFFDb\uFFFDc", xml.Record!.Control("001"));
    }

    [Fact]
    public async Task Markup_and_line_ends_in_text_survive_xml()
    {
        var record = new MarcRecord(Sample.Leader, [new DataField("500", ' ', '"', [new('<', "a & b\r\n\t ]]> "), new('b', " ")])]);

        Assert.Equal([], await RoundTrip.DifferencesAsync([record]));
    }

    [Theory]
    [InlineData(9_994, true)]
    [InlineData(9_995, false)]
    public async Task A_field_has_at_most_9999_bytes(int length, bool fits)
    {
        var record = new MarcRecord(Sample.Leader, [new DataField("500", ' ', ' ', [new('a', new('x', length))])]);
        await using var stream = new MemoryStream();
        await using var writer = new Iso2709Writer(stream);

        var refusal = await Record.ExceptionAsync(() => writer.WriteAsync(record, TestContext.Current.CancellationToken));

        Assert.Equal(fits, refusal is null);
        Assert.Equal(fits, stream.Length > 0);
        Assert.True(refusal is null or MarcTooLongException);
    }

    [Fact]
    public async Task A_record_has_at_most_99999_bytes()
    {
        var record = new MarcRecord(Sample.Leader, [.. Enumerable.Repeat(new ControlField("001", new('x', 9_000)), 12)]);

        await Assert.ThrowsAsync<MarcTooLongException>(() => Sample.ToIsoAsync(record));
    }

    [Fact]
    public async Task A_collection_without_records_is_a_document()
    {
        var bytes = await Sample.ToXmlAsync();

        Assert.Empty(await Sample.ReadAsync(MarcXmlReader.ReadAsync, bytes));
        Assert.Contains("http://www.loc.gov/MARC21/slim", System.Text.Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }
}

internal static class RoundTrip
{
    /// <summary>Writes the records in both formats, reads them, and tells what is not what it was.</summary>
    public static async Task<List<string>> DifferencesAsync(IReadOnlyList<MarcRecord> records)
    {
        var differences = new List<string>();
        var fitting = new List<MarcRecord>();
        var iso = new MemoryStream();
        foreach (var record in records)
        {
            try
            {
                await iso.WriteAsync(await Sample.ToIsoAsync(record));
                fitting.Add(record);
            }
            catch (MarcTooLongException)
            {
                // XML holds it, below.
            }
        }

        Compare(fitting, await Sample.ReadAsync(Iso2709Reader.ReadAsync, iso.ToArray()), record => record, differences);
        Compare(
            records,
            await Sample.ReadAsync(MarcXmlReader.ReadAsync, await Sample.ToXmlAsync(records)),
            InXml,
            differences);
        return differences;
    }

    private static void Compare(
        IReadOnlyList<MarcRecord> written,
        List<MarcReading> read,
        Func<MarcRecord, MarcRecord> expected,
        List<string> differences)
    {
        if (written.Count != read.Count)
        {
            differences.Add($"{written.Count} were written, {read.Count} read");
        }

        differences.AddRange(written.Zip(read)
            .Where(pair => !expected(pair.First).HasSameContentAs(pair.Second.Record))
            .Select(pair => $"{pair.First}\nbecame {pair.Second.Failure}\n{pair.Second.Record}"));
    }

    private static MarcRecord InXml(MarcRecord record) => new(record.Leader, [.. record.Fields.Select(InXml)]);

    private static MarcField InXml(MarcField field) => field switch
    {
        ControlField control => control with { Value = XmlText.Holdable(control.Value) },
        DataField data => new DataField(
            data.Tag,
            InXml(data.Indicator1),
            InXml(data.Indicator2),
            [.. data.Subfields.Select(part => new Subfield(InXml(part.Code), XmlText.Holdable(part.Value)))]),
        _ => field,
    };

    private static char InXml(char text) => XmlText.Holdable(text.ToString())[0];
}
