using System.Text;

namespace Lms.Marc.Tests;

public sealed class MarcXmlReaderTests
{
    private const string Fields =
        """<leader>00000nam a2200000 a 4500</leader><datafield tag="245" ind1="1" ind2="0"><subfield code="a">Any é title</subfield></datafield>""";

    private const string Whole = $"<record>{Fields}</record>";

    private static readonly string Prefixed = Whole
        .Replace("</", "</marc:", StringComparison.Ordinal)
        .Replace("<", "<marc:", StringComparison.Ordinal)
        .Replace("<marc:/marc:", "</marc:", StringComparison.Ordinal);

    public static TheoryData<string> Documents =>
    [
        Whole,
        $"<?xml version=\"1.0\"?>\n<collection xmlns=\"http://www.loc.gov/MARC21/slim\">{Whole}</collection>",
        $"<!-- <record> --><collection><![CDATA[<record>]]><?x <record>?>{Whole}</collection>",
        $"<marc:collection xmlns:marc=\"http://www.loc.gov/MARC21/slim\">{Prefixed}</marc:collection>",
        $"<OAI-PMH><ListRecords><record><header status=\"x\"/><metadata>{Prefixed}</metadata></record>"
            + "<record><header status=\"deleted\"/></record></ListRecords></OAI-PMH>",
        $"<collection note=\"a > b\">{Whole.Replace("é", "<!-- </record> -->é<![CDATA[]]>", StringComparison.Ordinal)}</collection>",
        $"<c>{Whole.Replace("é", "&#xE9;", StringComparison.Ordinal)}</c>",
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task A_record_is_found_in_any_wrapper(string document)
    {
        var reading = Assert.Single(await Sample.ReadXmlAsync(document));

        Assert.Equal("Any é title", reading.Record!.Data("245").Single().First('a'));
        Assert.Equal(Sample.Leader, reading.Record.Leader);
        Assert.Empty(reading.Warnings);
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-8", false)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16", false)]
    [InlineData("iso-8859-1", false)]
    [InlineData("windows-1252", false)]
    public async Task Encodings_are_as_declared(string name, bool mark)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        var prolog = $"<?xml version=\"1.0\" encoding=\"{name}\"?><collection>";
        byte[] bytes = [.. mark ? encoding.Preamble : [], .. encoding.GetBytes($"{prolog}{Whole}{Whole}</collection>")];

        var readings = await Sample.ReadAsync(MarcXmlReader.ReadAsync, bytes);

        Assert.Equal(2, readings.Count);
        Assert.All(readings, reading => Assert.Equal("Any é title", reading.Record!.Data("245").Single().First('a')));
        Assert.Equal((mark ? encoding.Preamble.Length : 0) + encoding.GetByteCount(prolog + Whole), readings[1].Offset);
    }

    [Theory]
    [InlineData("<record><leader>x</leader><datafield></record>", MarcProblems.NotWellFormed)]
    [InlineData("<record><leader>&unknown;</leader></record>", MarcProblems.NotWellFormed)]
    [InlineData("<record><leader>&#x1F;</leader></record>", MarcProblems.NotWellFormed)]
    [InlineData("<record><leader>x</leader>", MarcProblems.NotWellFormed)]
    [InlineData("<leader>x</leader></record>", MarcProblems.NotWellFormed)]
    [InlineData("<record/>", MarcProblems.Empty)]
    public async Task A_malformed_record_fails_alone(string malformed, string code)
    {
        var readings = await Sample.ReadXmlAsync($"<collection>{Whole}{malformed}{Whole}</collection>");

        Assert.Equal([null, code, null], readings.Select(reading => reading.Failure?.Code));
        Assert.Equal(12 + Encoding.UTF8.GetByteCount(Whole), readings[1].Offset);
    }

    [Fact]
    public async Task A_start_tag_that_does_not_end_fails_at_the_first_field()
    {
        var readings = await Sample.ReadXmlAsync($"<c><record a=\"open>{Fields}</record>{Whole}</c>");

        Assert.Equal([MarcProblems.NotWellFormed, null], readings.Select(reading => reading.Failure?.Code));
    }

    [Theory]
    [InlineData("<collection><record><leader>", 12)]
    [InlineData("<collection>", 12)]
    [InlineData("<collection><!-- ", 17)]
    public async Task The_end_may_be_missing(string document, int offset)
    {
        var reading = Assert.Single(await Sample.ReadXmlAsync(document));

        Assert.Equal((MarcProblems.Truncated, offset), (reading.Failure!.Code, (int)reading.Offset));
    }

    [Theory]
    [InlineData("Any text")]
    [InlineData("<html><body/></html>")]
    [InlineData("<!doctype html><html></html>")]
    public async Task What_is_not_marc_is_one_failure(string text) =>
        Assert.Equal(MarcProblems.NotMarc, Assert.Single(await Sample.ReadXmlAsync(text)).Failure!.Code);

    [Theory]
    [InlineData("")]
    [InlineData("<collection/>")]
    [InlineData("<collection> </collection>")]
    public async Task Nothing_is_in_an_empty_collection(string document) =>
        Assert.Empty(await Sample.ReadXmlAsync(document));

    [Fact]
    public async Task Document_types_are_refused()
    {
        var reading = Assert.Single(await Sample.ReadXmlAsync(
            $"<!DOCTYPE c [<!ENTITY a \"b\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]><c>{Whole}</c>"));

        Assert.Equal(MarcProblems.Dtd, reading.Failure!.Code);
    }

    [Fact]
    public async Task What_is_missing_is_told_and_the_rest_kept()
    {
        var reading = Assert.Single(await Sample.ReadXmlAsync(
            """
            <record><controlfield tag="245">Any</controlfield><controlfield tag="001">a<!-- x -->b</controlfield>
            <datafield ind1="1"><subfield code="a">x</subfield></datafield>
            <datafield tag="500"><subfield>y</subfield><b/><subfield code="c"/></datafield></record>
            """));

        Assert.Equal(
            [
                new DataField("245", ' ', ' ', [new(Subfield.NoCode, "Any")]),
                new ControlField("001", "ab"),
                new DataField("500", ' ', ' ', [new(Subfield.NoCode, "y"), new('c', "")]),
            ],
            reading.Record!.Fields);
        Assert.Equal(24, reading.Record.Leader.Length);
        Assert.Superset(
            new HashSet<string>([MarcProblems.Leader, MarcProblems.Tag, MarcProblems.Indicators, MarcProblems.UnknownElement]),
            reading.Warnings.Select(warning => warning.Code).ToHashSet());
    }

    [Fact]
    public async Task Control_characters_are_replaced()
    {
        var reading = Assert.Single(await Sample.ReadXmlAsync(Whole.Replace('é', '\u0001')));

        Assert.Equal("Any \uFFFD title", reading.Record!.Data("245").Single().First('a'));
        Assert.Equal(MarcProblems.ControlCharacter, Assert.Single(reading.Warnings).Code);
    }

    [Fact]
    public async Task Bytes_that_are_not_in_the_encoding_fail_that_record_only()
    {
        var readings = await Sample.ReadAsync(
            MarcXmlReader.ReadAsync,
            [.. Sample.Bytes("<c>"), .. Sample.Bytes(Whole), .. Encoding.UTF8.GetBytes(Whole), .. Sample.Bytes("</c>")]);

        Assert.Equal([MarcProblems.Encoding, null], readings.Select(reading => reading.Failure?.Code));
    }

    [Fact]
    public async Task A_record_beyond_the_bound_fails_and_the_next_is_read()
    {
        var big = Whole.Replace("é", new string('x', MarcXmlReader.LongestRecord), StringComparison.Ordinal);

        var readings = await Sample.ReadXmlAsync($"<c>{big}{Whole}<!-- {new string('-', 200_000)} -->{Whole}</c>");

        Assert.Equal([MarcProblems.TooLong, null, null], readings.Select(reading => reading.Failure?.Code));
    }
}
