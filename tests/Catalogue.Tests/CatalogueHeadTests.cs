using System.Text;
using Lms.Grains.Abstractions.Imports;

namespace Lms.Catalogue.Tests;

public sealed class CatalogueHeadTests
{
    [Theory]
    [InlineData("00714cam a2200205 a 4500001001300000\u001E", CatalogueFormat.Marc21)]
    [InlineData("junk\n00714cam a2200205 a 4500001001300000\u001E", CatalogueFormat.Marc21)]
    [InlineData("\uFEFF<?xml version=\"1.0\"?><collection><record/></collection>", CatalogueFormat.MarcXml)]
    [InlineData("<marc:record xmlns:marc=\"http://www.loc.gov/MARC21/slim\">", CatalogueFormat.MarcXml)]
    [InlineData("isbn;Title\n1;x", CatalogueFormat.Csv)]
    [InlineData("\uFEFFtitle\nx", CatalogueFormat.Csv)]
    public void A_file_is_known_by_its_content(string head, CatalogueFormat format)
    {
        var found = CatalogueHead.Of(Encoding.UTF8.GetBytes(head), claimed: null, map: null);

        Assert.Equal((format, null), (found.Format, found.Problem));
    }

    [Theory]
    [InlineData("PK\u0003\u0004...", true)]
    [InlineData("%PDF-1.7", true)]
    [InlineData("<!DOCTYPE html><html>", true)]
    [InlineData("binary\u0000\u0001\u0002", true)]
    [InlineData("<books><book/></books>", false)]
    [InlineData("name of nothing\nx", false)]
    [InlineData(" \r\n", false)]
    public void A_file_that_is_no_catalogue_is_refused_with_a_sentence(string head, bool isUnknownType)
    {
        var found = CatalogueHead.Of(Encoding.UTF8.GetBytes(head), claimed: null, map: null);

        Assert.Null(found.Format);
        Assert.Equal(isUnknownType, found.IsUnknownType);
        Assert.EndsWith(".", found.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_is_read_whatever_the_end_of_what_is_looked_at_cuts()
    {
        var file = Encoding.UTF8.GetBytes("Título\n" + string.Concat(Enumerable.Repeat("é\n", 40_000)));
        for (var shift = 0; shift < 3; shift++)
        {
            using var stream = new MemoryStream([.. Encoding.UTF8.GetBytes("Título\n" + new string('x', shift)), .. file]);
            var head = await CatalogueHead.ReadAsync(stream, TestContext.Current.CancellationToken);

            Assert.Equal((CatalogueFormat.Csv, null), (CatalogueHead.Of(head, null, "title=Título").Format, CatalogueHead.Of(head, null, "title=Título").Problem));
        }
    }

    [Fact]
    public void A_file_that_is_not_what_it_claims_is_refused()
    {
        var found = CatalogueHead.Of("title\nx"u8, CatalogueFormat.Marc21, map: null);
        var other = CatalogueHead.Of("<record/>"u8, CatalogueFormat.Csv, map: null);

        Assert.Equal((null, "The file is not MARC21."), (found.Format, found.Problem));
        Assert.Equal((null, "The file is MARCXML, not CSV."), (other.Format, other.Problem));
    }
}
