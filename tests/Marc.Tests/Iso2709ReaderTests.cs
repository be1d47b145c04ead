using System.Globalization;

namespace Lms.Marc.Tests;

public sealed class Iso2709ReaderTests
{
    private static readonly byte[] Whole = Sample.Iso();

    [Fact]
    public async Task A_record_is_read_with_its_place()
    {
        var readings = await Sample.ReadIsoAsync(Whole, Whole);

        Assert.Equal([1, 2], readings.Select(reading => reading.Number));
        Assert.Equal([0, Whole.Length], readings.Select(reading => reading.Offset));
        Assert.All(readings, reading => Assert.Empty(reading.Warnings));
        Assert.Equal("Any title", readings[1].Record!.Data("245").Single().First('a'));
        Assert.Equal("any-1", readings[1].Record!.Control("001"));
        Assert.Equal(('a', 'm'), (readings[1].Record!.Type, readings[1].Record!.Level));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\0\0\t\u001A")]
    public async Task Nothing_is_in_an_empty_stream(string bytes) =>
        Assert.Empty(await Sample.ReadIsoAsync(Sample.Bytes(bytes)));

    [Theory]
    [InlineData("\r\n\0 ", null)]
    [InlineData("-- next --\n", MarcProblems.Junk)]
    public async Task What_stands_between_records_is_skipped(string between, string? warning)
    {
        var readings = await Sample.ReadIsoAsync(Whole, Sample.Bytes(between), Whole);

        Assert.Equal(2, readings.Count);
        Assert.Equal(Whole.Length + between.Length, readings[1].Offset);
        Assert.Equal(warning, readings[1].Warnings.SingleOrDefault()?.Code);
    }

    [Theory]
    [InlineData("00099", MarcProblems.WrongLength)]
    [InlineData("99999", MarcProblems.WrongLength)]
    [InlineData("x0099", MarcProblems.LengthNotNumeric)]
    [InlineData("     ", MarcProblems.LengthNotNumeric)]
    public async Task A_wrong_length_matters_only_when_it_is_no_number(string length, string code)
    {
        byte[] wrong = [.. Sample.Bytes(length), .. Whole.AsSpan(5)];

        var readings = await Sample.ReadIsoAsync(wrong, Whole);

        Assert.Equal(code, (readings[0].Failure ?? readings[0].Warnings.Single()).Code);
        Assert.Equal(wrong.Length, readings[1].Offset);
        Assert.NotNull(readings[1].Record);
    }

    [Theory]
    [InlineData("00049", "00050")]
    [InlineData("00049", "00010")]
    [InlineData("00049", "xxxxx")]
    public async Task Data_begin_after_the_directory_whatever_the_leader_says(string right, string wrong)
    {
        var reading = Assert.Single(await Sample.ReadIsoAsync(Whole.With(right, wrong)));

        Assert.Equal(MarcProblems.BaseAddress, Assert.Single(reading.Warnings).Code);
        Assert.Equal("Any title", reading.Record!.Data("245").Single().First('a'));
    }

    [Theory]
    [InlineData("Any title", "Any longer title")]
    [InlineData("any-1", "1")]
    public async Task Edited_text_is_told_by_terminators(string old, string edited)
    {
        var reading = Assert.Single(await Sample.ReadIsoAsync(Whole.With(old, edited)));

        Assert.Equal(
            [MarcProblems.WrongLength, MarcProblems.Directory], reading.Warnings.Select(warning => warning.Code));
        Assert.Contains(edited, reading.Record!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_without_numbers_fails_that_record_only()
    {
        var readings = await Sample.ReadIsoAsync(Whole.With("245", "245x"), Whole);

        Assert.Equal(MarcProblems.Directory, readings[0].Failure!.Code);
        Assert.NotNull(readings[1].Record);
    }

    [Fact]
    public async Task Entries_that_share_their_data_do_not_make_a_small_record_big()
    {
        var entry = string.Create(CultureInfo.InvariantCulture, $"500{5_001:D4}{0:D5}");
        var directory = string.Concat(Enumerable.Repeat(entry, 1_000));
        var data = "  \u001Fa" + new string('x', 4_996);
        var record = $"{25 + directory.Length + 5_002:D5}nam a22{25 + directory.Length:D5} a 4500{directory}\u001E{data}\u001E\u001D";

        Assert.Equal(MarcProblems.Directory, Assert.Single(await Sample.ReadIsoAsync(Sample.Bytes(record))).Failure!.Code);
    }

    [Fact]
    public async Task The_last_record_may_be_cut_short()
    {
        var readings = await Sample.ReadIsoAsync(Whole, Whole[..^10]);

        Assert.Equal(MarcProblems.Truncated, readings[1].Failure!.Code);
        Assert.Equal(Whole.Length, readings[1].Offset);
    }

    [Fact]
    public async Task A_record_cut_short_by_the_next_leaves_the_next_whole()
    {
        var readings = await Sample.ReadIsoAsync(Whole[..^10], Whole);

        Assert.Equal(MarcProblems.Truncated, readings[0].Failure!.Code);
        Assert.Equal(Whole.Length - 10, readings[1].Offset);
        Assert.NotNull(readings[1].Record);
    }

    [Fact]
    public async Task Fields_without_delimiters_lose_nothing()
    {
        var reading = Assert.Single(await Sample.ReadIsoAsync(Sample.Iso(
            'a',
            ("FMT", Sample.Bytes("BK")),
            ("CAT", Sample.Bytes("  \u001FaBATCH")),
            ("245", Sample.Bytes("10Any title")),
            ("500", Sample.Bytes("")),
            ("501", Sample.Bytes("1\u001Fa\u001Fbx")))));

        Assert.Equal(
            [
                new ControlField("FMT", "BK"),
                new DataField("CAT", ' ', ' ', [new('a', "BATCH")]),
                new DataField("245", '1', '0', [new(Subfield.NoCode, "Any title")]),
                new DataField("500", ' ', ' ', []),
                new DataField("501", '1', ' ', [new('a', ""), new('b', "x")]),
            ],
            reading.Record!.Fields);
    }

    [Fact]
    public async Task Garbage_is_one_failure_in_constant_memory()
    {
        var random = new Random(7);
        var garbage = new byte[6 * Iso2709Reader.LongestRecord];
        random.NextBytes(garbage);
        var endless = new byte[6 * Iso2709Reader.LongestRecord];
        Array.Fill(endless, (byte)'x');

        var before = GC.GetAllocatedBytesForCurrentThread();
        var noise = await Sample.ReadIsoAsync(garbage, Whole);
        var text = await Sample.ReadIsoAsync(endless, Sample.Bytes("\u001D"), Whole);

        Assert.InRange(noise.Count, 2, 10);
        Assert.Equal(MarcProblems.NotMarc, noise[0].Failure!.Code);
        Assert.Equal([MarcProblems.NotMarc, null], text.Select(reading => reading.Failure?.Code));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64L << 20);
    }

    [Fact]
    public async Task A_record_beyond_the_bound_fails_and_the_next_is_read()
    {
        var big = new byte[Iso2709Reader.LongestRecord + 10];
        Array.Fill(big, (byte)'x');

        var readings = await Sample.ReadIsoAsync(Whole[..^5], big, Sample.Bytes("\u001D"), Whole);

        Assert.Equal([MarcProblems.TooLong, null], readings.Select(reading => reading.Failure?.Code));
    }

    [Fact]
    public async Task Cancellation_is_heard()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Iso2709Reader.ReadAsync(new MemoryStream(Whole), cancelled.Token).CountAsync(CancellationToken.None));
    }
}
