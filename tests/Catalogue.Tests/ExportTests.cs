using CsCheck;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Imports;
using Lms.Marc;

namespace Lms.Catalogue.Tests;

/// <summary>A book that leaves the library comes back as it was.</summary>
public sealed class ExportTests
{
    private static readonly string[] s_phrases =
    [
        "Summerland", "Os Maias: episódios", "War & Peace", "Ends with slash /", "Dot.", "a;b|c", "['x']", "\"Quoted\"",
        "Smith, John", "King, Martin Luther, Jr.", "日本語", "O'Brien", "100%", "= 1+1", "two  spaces", "etc.",
    ];

    private static readonly string[] s_editions = ["9780786816156", "9780306406157", "9789722330725", "9780439420891"];

    private static readonly string?[] s_languages = [null, "eng", "por"];

    private static readonly Gen<string> s_texts = Gen.OneOf(
        Gen.Int[0, s_phrases.Length - 1].Select(index => s_phrases[index]),
        Gen.Char["abcDÉ ,.;:/|'\"<>&[]$0123"].Array[1, 30].Select(characters => "x" + new string(characters).Trim() + "x"));

    private static readonly Gen<string> s_values = Gen.OneOf(
        s_texts, Gen.Int[0, s_editions.Length - 1].Select(index => s_editions[index]), Gen.Const(""), Gen.Const(" / "), Gen.Const("lms"),
        Gen.Const("c1999."), Gen.Const("Chabon, Michael,"), Gen.Const("[s.n.]"), Gen.Const("xii, 12 p. ;"), Gen.Const("eng"), Gen.String);

    private static readonly Gen<Isbn> s_isbns = Gen.OneOf(
        Gen.Int[0, s_editions.Length - 1].Select(index => Isbn.Of(s_editions[index])),
        Gen.Int[1, 1000].Select(Isbn.Local));

    private static readonly Gen<BookDetails> s_details = Gen.Select(
        Gen.Null(s_texts), Gen.Null(s_texts), Gen.Int[1000, 2100], Gen.Int[0, 2].Select(index => s_languages[index]),
        Gen.Null(s_texts), s_texts.Array[0, 3], s_texts.Array[0, 3], Gen.Int[1, 9999])
        .Select((full, publisher, year, language, edition, series, subjects, pages) => new BookDetails
        {
            FullTitle = full,
            Publisher = publisher,
            Year = year % 5 == 0 ? null : year,
            Language = language,
            Edition = edition,
            Series = series,
            Subjects = [.. subjects.Distinct()],
            Pages = pages % 5 == 0 ? null : pages,
        });

    private static readonly Gen<ExportedBook> s_books = Gen.Select(
        s_isbns, s_texts, s_texts.Array[1, 3], s_texts, Gen.Null(s_texts), s_details)
        .Select((isbn, title, authors, genre, description, details) => new ExportedBook
        {
            Isbn = isbn,
            IsbnAsGiven = isbn.ToString(),
            Title = title,
            Authors = [.. authors.DistinctBy(Grains.Abstractions.Folding.Fold)],
            Genre = genre,
            Description = description,
            Details = details with { FullTitle = details.FullTitle == title ? null : details.FullTitle },
        });

    private static readonly string[] s_tags =
    [
        "001", "003", "008", "020", "041", "050", "082", "100", "110", "111", "245", "245", "250", "260", "264", "300", "440",
        "490", "520", "600", "650", "653", "655", "700", "710", "711", "830", "880", "952", "990",
    ];

    private static readonly Gen<MarcField> s_fields = Gen.Select(
        Gen.Int[0, s_tags.Length - 1],
        Gen.Char["0123 "],
        Gen.Char["01 "],
        Gen.Select(Gen.Char["abcdefghknpqtvxyz2469"], s_values).Array[0, 5])
        .Select((tag, first, second, subfields) => s_tags[tag].StartsWith("00", StringComparison.Ordinal)
            ? (MarcField)new ControlField(s_tags[tag], string.Concat(subfields.Select(subfield => subfield.Item2)))
            : new DataField(
                s_tags[tag], first, second, [.. subfields.Select(subfield => new Subfield(subfield.Item1, subfield.Item2))]));

    private static readonly Gen<MarcRecord> s_records =
        s_fields.Array[1, 25].Select(fields => new MarcRecord("00000nam a2200000 i 4500", fields));

    private static readonly MarcExport s_export = new(Any.Genres, Any.Options);

    [Fact]
    public void A_foreign_record_keeps_every_field()
    {
        var record = Any.Record(
            new ControlField("001", "42"),
            Any.Field("020", "$a0786816155 (hbk.)$qhardback"),
            Any.Field("100", '1', ' ', "$aChabon, Michael."),
            Any.Field("245", '1', '0', "$aSummerland /$cMichael Chabon."),
            Any.Field("650", "$aFantasy fiction"),
            Any.Field("952", "$pBARCODE$xodd"));

        Assert.Equal(record, s_export.Record(Imported(record)));
    }

    [Fact]
    public void A_title_that_was_corrected_takes_the_place_of_the_old_one()
    {
        var record = Any.Record(
            Any.Field("020", "$a0786816155"),
            Any.Field("245", '1', '0', "$aSumerland /$cM. C."),
            Any.Field("952", "$pBARCODE"));

        var exported = s_export.Record(Imported(record) with { Title = "Summerland" });

        Assert.Equal(Any.Field("245", '1', '0', "$aSummerland$cM. C."), exported.Data("245").Single());
        Assert.Equal(Any.Field("952", "$pBARCODE"), exported.Data("952").Single());
    }

    [Fact]
    public void An_author_who_was_changed_takes_the_place_of_the_old_one()
    {
        var record = Any.Record(
            Any.Field("020", "$a0786816155"),
            Any.Field("100", '1', ' ', "$aChabon, Michel"),
            Any.Field("245", "$aSummerland"),
            Any.Field("700", '1', ' ', "$aOther, An"),
            Any.Field("700", '1', ' ', "$aEditor, The,$eeditor"));

        var exported = s_export.Record(Imported(record) with { Authors = ["Michael Chabon", "An Other"] });

        Assert.Equal([Any.Field("100", '0', ' ', "$aMichael Chabon")], exported.Data("100"));
        Assert.Equal(["Other, An", "Editor, The,"], exported.Data("700").Select(field => field.First('a')));
    }

    [Fact]
    public void A_local_number_leaves_with_its_book()
    {
        var number = Isbn.Local(7);

        var exported = s_export.Record(Any.Exported with { Isbn = number, IsbnAsGiven = number.ToString() });

        Assert.Empty(exported.Data("020"));
        Assert.Equal(number, Read(exported).LocalNumber);
    }

    [Fact]
    public void Whatever_the_library_knows_comes_back_through_marc() => s_books.Sample(
        book => Equals(book, Read(s_export.Record(book))), iter: 2000);

    [Fact]
    public void Whatever_the_library_changed_since_an_import_comes_back_through_marc() => Gen.Select(s_books, s_books).Sample(
        (source, book) =>
        {
            var record = s_export.Record(source);
            return Equals(book, Read(s_export.Record(book with { Source = SourceRecords.Of(record) })));
        },
        iter: 2000);

    [Fact]
    public void Whatever_a_foreign_record_holds_it_keeps_and_means_the_same() => s_records.Sample(
        record =>
        {
            if (new MarcBooks(Any.Genres).Map(record, source: null).Book is not { } book)
            {
                return true;
            }

            var exported = s_export.Record(Imported(record, Isbn.Local(1)));
            var isForeign = !record.Fields.Any(OwnField.Is);
            return exported.Fields.Count(OwnField.Is) <= 1
                && (!isForeign || exported.Fields.Where(field => !OwnField.Is(field)).SequenceEqual(record.Fields))
                && Text(Imported(record, Isbn.Local(1))) == Text(Read(exported));
        },
        iter: 5000);

    [Fact]
    public async Task Whatever_the_library_knows_comes_back_through_files()
    {
        var books = s_books.Array[50].Single();

        foreach (var format in Enum.GetValues<CatalogueFormat>())
        {
            using var file = new MemoryStream();
            await WriteAsync(books, format, file);
            var readings = await Any.ReadAsync(file.ToArray(), format);
            Assert.Equal(books.Length, readings.Count);
            Assert.All(books.Zip(readings), pair => Assert.True(
                Equals(pair.First, pair.Second.Book!), $"{format}: {Text(pair.First)} came back as {Text(pair.Second.Book!)}"));
        }
    }

    private static async Task WriteAsync(ExportedBook[] books, CatalogueFormat format, Stream stream)
    {
        await using var export = CatalogueExport.Create(format, stream, s_export);
        foreach (var book in books)
        {
            Assert.True(await export.TryWriteAsync(book, TestContext.Current.CancellationToken));
        }
    }

    private static bool Equals(ExportedBook book, CatalogueBook read) => Text(book) == Text(read);

    private static string Text(ExportedBook book) => Text(
        book.Isbn, book.IsbnAsGiven, book.Title, book.Authors, book.Genre, book.Description, book.Details);

    private static string Text(CatalogueBook book)
    {
        var isbn = book.Isbn ?? book.LocalNumber;
        return Text(
            isbn,
            book.IsbnAsGiven ?? isbn?.ToString(),
            book.Title,
            book.Authors.Length == 0 ? [Any.Options.UnknownAuthor] : book.Authors,
            book.Genre ?? Any.Options.DefaultGenre,
            book.Description,
            book.Details);
    }

    private static string Text(
        Isbn? isbn, string? asGiven, string title, string[] authors, string genre, string? description, BookDetails details) =>
        System.Text.Json.JsonSerializer.Serialize(new { isbn, asGiven, title, authors, genre, description, details });

    private static CatalogueBook Read(MarcRecord record) => new MarcBooks(Any.Genres).Map(record, source: null).Book!;

    private static ExportedBook Imported(MarcRecord record, Isbn? local = null)
    {
        var book = Read(record);
        var isbn = book.Isbn ?? local!.Value;
        return new()
        {
            Isbn = isbn,
            IsbnAsGiven = book.IsbnAsGiven ?? isbn.ToString(),
            Title = book.Title,
            Authors = book.Authors.Length == 0 ? [Any.Options.UnknownAuthor] : book.Authors,
            Genre = book.Genre ?? Any.Options.DefaultGenre,
            Description = book.Description,
            Details = book.Details,
            Source = book.Source,
        };
    }
}
