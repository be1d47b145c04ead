using Lms.Grains.Abstractions.Books;
using Lms.Marc;

namespace Lms.Catalogue.Tests;

public sealed class MarcBooksTests
{
    [Theory]
    [InlineData('a', null)]
    [InlineData('t', null)]
    [InlineData(' ', "not-bibliographic")]
    [InlineData('g', "not-a-book")]
    [InlineData('m', "not-a-book")]
    [InlineData('z', "not-bibliographic")]
    [InlineData('x', "not-bibliographic")]
    [InlineData('?', "not-bibliographic")]
    public void Only_language_material_becomes_a_book(char type, string? code)
    {
        var record = new MarcRecord($"00000n{type}m a2200000 i 4500", [Any.Title]);

        var (book, skipped, failure) = new MarcBooks(Any.Genres).Map(record, source: null);

        Assert.Null(failure);
        Assert.Equal(code, skipped?.Code);
        Assert.Equal(code is null, book is not null);
    }

    [Fact]
    public void A_record_without_title_fails()
    {
        var (_, _, failure) = new MarcBooks(Any.Genres).Map(Any.Record(Any.Field("245", "$cSomebody")), source: null);

        Assert.Equal("title-missing", failure?.Code);
    }

    [Theory]
    [InlineData("$aSummerland /$cMichael Chabon.", "Summerland")]
    [InlineData("$aPerl :$bthe complete reference /$cBrown.", "Perl : the complete reference")]
    [InlineData("$aHistory.$nPart 2,$pThe war.", "History. Part 2, The war")]
    [InlineData("$aAnd then ...", "And then ...")]
    [InlineData("$aLife of J. R. R.", "Life of J. R. R.")]
    [InlineData("$kLetters,$f1900-1910.", "Letters, 1900-1910")]
    public void Titles_lose_the_punctuation_of_the_card(string subfields, string title)
    {
        Assert.Equal(title, Any.Book(Any.Field("245", subfields)).Title);
    }

    [Fact]
    public void A_long_title_is_cut_at_a_word_and_kept_whole()
    {
        var whole = string.Join(' ', Enumerable.Repeat("word", 40));

        var book = Any.Book(Any.Field("245", $"$a{whole}"));

        Assert.Equal(whole, book.Details.FullTitle);
        Assert.Equal(124, book.Title.Length);
        Assert.EndsWith("word", book.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0-7868-1615-5 (pbk.)", "9780786816156", "0786816155")]
    [InlineData("9780786816156 :", "9780786816156", "9780786816156")]
    [InlineData("043942089X", "9780439420891", "043942089X")]
    [InlineData("786816155", "9780786816156", "0786816155")]
    public void The_first_valid_isbn_is_the_key(string text, string isbn, string asGiven)
    {
        var book = Any.Book(Any.Field("020", "$a1234567890"), Any.Field("020", $"$a{text}"), Any.Field("020", "$a0-306-40615-2"));

        Assert.Equal(Isbn.Of(isbn), book.Isbn);
        Assert.Equal(asGiven, book.IsbnAsGiven);
        Assert.Equal([Isbn.Of("9780306406157")], book.Details.Aliases);
    }

    [Fact]
    public void Both_forms_of_one_isbn_are_one()
    {
        var book = Any.Book(Any.Field("020", "$a0786816155"), Any.Field("020", "$a9780786816156"));

        Assert.Empty(book.Details.Aliases);
    }

    [Theory]
    [InlineData("[s.n.],", null)]
    [InlineData("[s. n.]", null)]
    [InlineData("S. Nye,", "S. Nye")]
    [InlineData("Snelpersdrukkerij,", "Snelpersdrukkerij")]
    public void A_publisher_whom_nobody_knows_is_none(string text, string? publisher)
    {
        Assert.Equal(publisher, Any.Book(Any.Field("260", $"$aLisboa :$b{text}$c1999.")).Details.Publisher);
    }

    [Fact]
    public void A_cancelled_isbn_is_no_key()
    {
        Assert.Null(Any.Book(Any.Field("020", "$z0786816155")).Isbn);
    }

    [Fact]
    public void The_same_record_has_the_same_local_key_and_other_records_have_others()
    {
        var one = Any.Book(new ControlField("003", "DLC"), new ControlField("001", "17"), Any.Field("245", "$aOne"));
        var renamed = Any.Book(new ControlField("003", "DLC"), new ControlField("001", "17"), Any.Field("245", "$aTwo"));
        var nobodys = Any.Book(new ControlField("001", "17"), Any.Field("245", "$aOne"));
        var anothers = Any.Book(new ControlField("001", "17"), Any.Field("245", "$aTwo"));

        Assert.Equal(one.LocalKey, renamed.LocalKey);
        Assert.NotEqual(one.LocalKey, nobodys.LocalKey);
        Assert.NotEqual(nobodys.LocalKey, anothers.LocalKey);
    }

    [Fact]
    public void Names_of_persons_are_turned()
    {
        var book = Any.Book(
            Any.Field("100", '1', ' ', "$aChabon, Michael,$d1963-"),
            Any.Field("700", '1', ' ', "$aKing, Martin Luther,$cJr.,$d1929-1968."),
            Any.Field("700", '0', ' ', "$aJohn Paul$bII,$cPope"),
            Any.Field("700", '1', ' ', "$aEditor, Some,$eeditor."),
            Any.Field("700", '1', ' ', "$aAusten, Jane."),
            Any.Field("700", '1', ' ', "$aAusten, Jane,$d1775-1817."),
            Any.Field("700", '1', ' ', "$aBerlitz, M. D."),
            Any.Field("700", '1', ' ', "$aOther, An,$tOther work"));

        Assert.Equal(["Michael Chabon", "Martin Luther King, Jr.", "John Paul II", "Jane Austen", "M. D. Berlitz"], book.Authors);
    }

    [Fact]
    public void Whoever_is_named_stands_in_for_an_author()
    {
        Assert.Equal(["Some Editor"], Any.Book(Any.Field("700", '1', ' ', "$aEditor, Some,$eeditor.")).Authors);
        Assert.Equal(
            ["France. Laws, statutes, etc. 1180-1223"],
            Any.Book(Any.Field("110", '1', ' ', "$aFrance.$bLaws, statutes, etc.$b, 1180-1223.")).Authors);
        Assert.Equal(["Lisbon. Câmara"], Any.Book(Any.Field("710", '1', ' ', "$aLisbon.$bCâmara.")).Authors);
        Assert.Empty(Any.Book().Authors);
    }

    [Fact]
    public void One_author_in_two_spellings_is_one()
    {
        var book = Any.Book(Any.Field("100", '1', ' ', "$aEça de Queirós"), Any.Field("700", '1', ' ', "$aEca de Queiros"));

        Assert.Equal(["Eça de Queirós"], book.Authors);
    }

    [Fact]
    public void The_details_are_read()
    {
        var book = Any.Book(
            new ControlField("008", "020805s2001    nyua   j      000 1 eng  "),
            Any.Field("250", "$a1st ed."),
            Any.Field("260", "$aNew York :$bMiramax Books,$cc2002."),
            Any.Field("300", "$axii, 500 p. :$bill."),
            Any.Field("490", '0', ' ', "$aSeries ;$v3"),
            Any.Field("520", "$aGood & <bad>."),
            Any.Field("650", "$aBaseball$vFiction."));

        Assert.Equal(
            ("Miramax Books", 2002, "eng", "1st ed.", 500),
            (book.Details.Publisher, book.Details.Year, book.Details.Language, book.Details.Edition, book.Details.Pages));
        Assert.Equal(["Series ; 3"], book.Details.Series);
        Assert.Equal(["Baseball -- Fiction"], book.Details.Subjects);
        Assert.Equal("Good &amp; &lt;bad&gt;.", book.Description);
        Assert.Equal("Fiction", book.Genre);
    }

    [Theory]
    [InlineData("$b[s.n.],", null)]
    [InlineData("$b[publisher not identified],", null)]
    [InlineData("$bO'Reilly & Associates,", "O'Reilly & Associates")]
    public void A_publisher_nobody_knows_is_none(string subfields, string? publisher)
    {
        Assert.Equal(publisher, Any.Book(Any.Field("264", ' ', '1', subfields)).Details.Publisher);
    }

    [Theory]
    [InlineData("050", "$aQA76.73", "Computing")]
    [InlineData("050", "$aPS3553", "Literature")]
    [InlineData("082", "$a813/.54", "Fiction")]
    [InlineData("082", "$a914.6", "History")]
    [InlineData("650", "$aCookery, Portuguese", "Cooking")]
    [InlineData("650", "$aHistoriography", null)]
    public void Genres_come_from_subjects_and_classes(string tag, string subfields, string? genre)
    {
        Assert.Equal(genre, Any.Book(Any.Field(tag, subfields)).Genre);
    }

    [Fact]
    public void Configured_genres_replace_the_built_in_ones()
    {
        var options = new CatalogueOptions();
        options.Genres.Add(new() { Genre = "Pão", Subjects = { "açúcar" }, Ddc = { "641.8" } });
        var books = new MarcBooks(new Genres(options));

        Assert.Equal("Pão", books.Map(Any.Record(Any.Title, Any.Field("650", "$aAcucar$xHistory")), null).Book!.Genre);
        Assert.Equal("Pão", books.Map(Any.Record(Any.Title, Any.Field("082", "$a641.86")), null).Book!.Genre);
        Assert.Null(books.Map(Any.Record(Any.Title, Any.Field("650", "$aHistory")), null).Book!.Genre);
    }
}
