using System.IO.Compression;
using System.Text;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Imports;

namespace Lms.Catalogue.Tests;

public sealed class CsvTests
{
    [Theory]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("\t")]
    public async Task Columns_are_known_by_name_whatever_separates_them(string separator)
    {
        var text = string.Join(separator, "ISBN", "Title", "# num_pages", "Language-Code") + "\r\n"
            + string.Join(separator, "0786816155", "\"Summer" + separator + "land\"", "500", "en-GB") + "\r\n";

        var book = Assert.Single(await Any.ReadCsvAsync(text)).Book!;

        Assert.Equal(Isbn.Of("9780786816156"), book.Isbn);
        Assert.Equal($"Summer{separator}land", book.Title);
        Assert.Equal((500, "eng"), (book.Details.Pages, book.Details.Language));
    }

    [Fact]
    public async Task A_map_names_the_columns()
    {
        var readings = await Any.ReadCsvAsync("Nome,EAN\nOs Maias,978-972-23-3072-9\n", map: "title=Nome;isbn=EAN");

        Assert.Equal("Os Maias", Assert.Single(readings).Book!.Title);
    }

    [Theory]
    [InlineData("439023483", "9780439023481")]
    [InlineData("61120081", "9780061120084")]
    [InlineData("9.78043902348e+12", null)]
    [InlineData("0786816156", null)]
    public async Task Leading_zeros_that_a_spreadsheet_lost_come_back(string cell, string? isbn)
    {
        var reading = Assert.Single(await Any.ReadCsvAsync($"isbn,title\n{cell},Any\n"));

        Assert.Equal(isbn, reading.Book!.Isbn?.ToString());
        Assert.Equal(isbn is null ? ["isbn-invalid"] : [], reading.Warnings.Select(warning => warning.Code));
    }

    [Theory]
    [InlineData("\"Jefferson, Thomas\"", null, "Thomas Jefferson")]
    [InlineData("\"Kennedy, John F. (John Fitzgerald)\"", null, "John F. Kennedy")]
    [InlineData("A One; B Two|C Three", null, "A One/B Two/C Three")]
    [InlineData("\"J.K. Rowling, Mary GrandPré\"", ",", "J.K. Rowling/Mary GrandPré")]
    [InlineData("J.K. Rowling-Mary GrandPré", "-", "J.K. Rowling/Mary GrandPré")]
    public async Task Authors_of_a_cell_are_told_apart(string cell, string? separator, string authors)
    {
        var reading = Assert.Single(await Any.ReadCsvAsync($"title,authors\nAny,{cell}\n", authorSeparator: separator));

        Assert.Equal(authors.Split('/'), reading.Book!.Authors);
    }

    [Theory]
    [InlineData("a; b")]
    [InlineData("a|b")]
    [InlineData("\"['a', \"\"b\"\"]\"")]
    [InlineData("\"[\"\"a\"\",\"\"b\"\"]\"")]
    public async Task Subjects_come_as_lists_of_many_kinds(string cell)
    {
        var reading = Assert.Single(await Any.ReadCsvAsync($"title,subjects\nAny,{cell}\n"));

        Assert.Equal(["a", "b"], reading.Book!.Details.Subjects);
    }

    [Fact]
    public async Task Quoted_cells_may_have_lines_and_offsets_count_bytes()
    {
        const string header = "title,id\n";
        const string first = "\"Çedilha\nand more\",1\n";
        const string second = "Next,2\n";

        var readings = await Any.ReadAsync(
            [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(header + first + second)], CatalogueFormat.Csv);

        Assert.Equal(["Çedilha and more", "Next"], readings.Select(reading => reading.Book!.Title));
        Assert.Equal(
            [3 + header.Length, 3 + header.Length + Encoding.UTF8.GetByteCount(first)], readings.Select(reading => reading.Offset));
        Assert.Equal([1, 2], readings.Select(reading => reading.Number));
    }

    [Fact]
    public async Task What_is_not_utf8_is_latin()
    {
        var readings = await Any.ReadAsync(Encoding.Latin1.GetBytes("title;authors\nInformação;José\n"), CatalogueFormat.Csv);

        Assert.Equal(("Informação", "José"), (readings[0].Book!.Title, readings[0].Book!.Authors[0]));
    }

    [Fact]
    public async Task Rows_without_title_or_with_too_many_cells_fail_alone()
    {
        var readings = await Any.ReadCsvAsync("title,id\n,1\nGood,2\nBad,3,4,5\nShort\n");

        Assert.Equal(
            ["title-missing", null, "too-many-cells", null], readings.Select(reading => reading.Failure?.Code));
    }

    [Fact]
    public async Task A_cell_without_end_ends_the_table_and_not_the_process()
    {
        var readings = await Any.ReadCsvAsync("title\nGood\n\"" + new string('x', 3 * 1024 * 1024));

        Assert.Equal([null, "table-broken"], readings.Select(reading => reading.Failure?.Code));
    }

    [Fact]
    public async Task A_row_without_end_ends_the_table_and_not_the_process()
    {
        var readings = await Any.ReadCsvAsync("title\nGood\n" + string.Concat(Enumerable.Repeat("x,", 9 * 1024 * 1024)));

        Assert.Equal([null, "table-broken"], readings.Select(reading => reading.Failure?.Code));
    }

    [Fact]
    public async Task Zipped_files_are_read_and_torn_ones_fail_where_they_are_torn()
    {
        var text = "title\n" + string.Concat(Enumerable.Range(0, 5000).Select(number => $"Book {number} {Guid.NewGuid()}\n"));
        using var zipped = new MemoryStream();
        await using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);
        }

        var whole = zipped.ToArray();

        Assert.Equal(5000, (await Any.ReadAsync(whole, CatalogueFormat.Csv)).Count(reading => reading.Book is not null));
        var corrupt = (byte[])whole.Clone();
        corrupt.AsSpan(whole.Length / 2, 64).Fill(0xFF);
        var readings = await Any.ReadAsync(corrupt, CatalogueFormat.Csv);
        Assert.NotNull(readings[^1].Failure);
    }
}
