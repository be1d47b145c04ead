using System.Text;

namespace Lms.Marc.Tests;

public sealed class CharacterSetTests
{
    [Theory]
    [InlineData('a', "caf\u00C3\u00A9", "café", null)]
    [InlineData(' ', "caf\u00C3\u00A9", "café", MarcProblems.ClaimsMarc8)]
    [InlineData(' ', "caf\u00E2e", "café", null)]
    [InlineData('a', "caf\u00E2e", "café", MarcProblems.ClaimsUtf8)]
    [InlineData('a', "\u001Bga\u001Bs", "α", MarcProblems.ClaimsUtf8)]
    [InlineData(' ', "&#x4E00;", "一", null)]
    [InlineData('a', "&#x4E00;", "&#x4E00;", null)]
    public async Task The_bytes_decide_and_not_the_leader(char coding, string bytes, string text, string? warning)
    {
        var reading = Assert.Single(await Sample.ReadIsoAsync(
            Sample.Iso(coding, ("245", Sample.Bytes($"10\u001Fa{bytes}")))));

        Assert.Equal(text, reading.Record!.Data("245").Single().First('a'));
        Assert.Equal(warning, reading.Warnings.SingleOrDefault()?.Code);
    }

    [Fact]
    public async Task Bytes_of_no_encoding_fail_that_record_only()
    {
        var readings = await Sample.ReadIsoAsync(
            Sample.Iso('a', ("245", Sample.Bytes("10\u001Fa\u00FF"))), Sample.Iso());

        Assert.Equal(MarcProblems.Encoding, readings[0].Failure!.Code);
        Assert.NotNull(readings[1].Record);
    }

    [Fact]
    public async Task Sets_last_to_the_end_of_a_subfield()
    {
        var reading = Assert.Single(await Sample.ReadIsoAsync(
            Sample.Iso(' ', ("880", Sample.Bytes("  \u001Fa\u001B(Nabc\u001Fbabc")))));

        Assert.Equal([new('a', "АБЦ"), new('b', "abc")], reading.Record!.Data("880").Single().Subfields);
    }

    [Theory]
    [InlineData("a\u00E1\u00E2b", "a\u0062\u0300\u0301")] // marks before their letter
    [InlineData("\u00EBi\u00ECa", "i\u0361a")] // a ligature in two halves
    [InlineData("\u00FAn\u00FBg", "n\u0360g")]
    [InlineData("\u00F2\u00E4a", "\u1EA1\u0303")] // canonical order
    [InlineData("\u00A1\u00B5", "Łæ")]
    [InlineData("H\u001Bb2\u001BsO", "H₂O")]
    [InlineData("x\u001Bp2\u001Bs", "x²")]
    [InlineData("\u001Bga\u001Bs", "α")]
    [InlineData("\u001B(2`a", "אב")]
    [InlineData("\u001B(NA\u001B)Q\u00C4", "аё")]
    [InlineData("\u001B(3G", "ا")]
    [InlineData("\u001B(SA", "Α")]
    [InlineData("\u001B,NA\u001B(Ba", "аa")]
    [InlineData("\u001B$1!0! !0!\u001B(Ba", "一 一a")]
    [InlineData("\u001B$,1!0!", "一")]
    [InlineData("\u001B)!E\u00A1", "Ł")]
    [InlineData("\u0088The \u0089cat", "\u0098The \u009Ccat")] // non-sorting characters
    [InlineData("&#xE9; &#x; &#xD800;", "é &#x; &#xD800;")]
    public void Marc_8_is_decoded_by_the_tables(string bytes, string text)
    {
        Assert.True(Marc8.TryDecode(Sample.Bytes(bytes), out var decoded, out var problem), problem);
        Assert.Equal(text, decoded);
    }

    [Theory]
    [InlineData("\u00FF")]
    [InlineData("\u001B")]
    [InlineData("\u001Be")]
    [InlineData("\u001B(\u0020")]
    [InlineData("\u001B$1!0")]
    [InlineData("\u0081")]
    public void What_has_no_meaning_is_a_problem(string bytes)
    {
        Assert.False(Marc8.TryDecode(Sample.Bytes(bytes), out _, out var problem));
        Assert.NotEmpty(problem);
    }

    [Theory]
    [InlineData("e\u0301", "é")]
    [InlineData("\u1100\u1161\u11A8", "각")]
    [InlineData("a\u0301\u0323", "ạ\u0301")]
    [InlineData("\u212B", "Å")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\u0301e", "\u0301e")]
    [InlineData("a\u0305\u0301", "a\u0305\u0301")]
    public void Text_is_composed(string text, string composed) => Assert.Equal(composed, Nfc.Normalize(text));

    [Fact]
    public async Task The_tables_are_those_of_the_library_of_congress()
    {
        var source = Path.Combine(RealData.Folder, "reference", "marc8_codetables.xml.gz");
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Lms.Orleans.sln")))
        {
            root = root.Parent;
        }

        Assert.SkipWhen(root is null, "The tests do not run within the repository.");
        var folder = Path.Combine(root!.FullName, "Marc", "Tables");
        using var generator = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("dotnet", ["run", Path.Combine(folder, "generate.cs"), "--", source])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                StandardOutputEncoding = Encoding.ASCII,
            })!;
        var tables = await generator.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await generator.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, generator.ExitCode);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder, "marc8.txt"), TestContext.Current.CancellationToken), tables);
    }
}
