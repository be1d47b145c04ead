using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Books;
using Lms.ReadModel.Books;

namespace Lms.Grains.Tests.Books;

public sealed class BookProjectionTests
{
    private static readonly Book Typed = new()
    {
        Isbn = Isbn.Of("9780306406157"),
        IsbnAsGiven = "0306406152",
        Title = "A Ação",
        Genre = GenreName.Of("drama"),
        Authors = [new AuthorNumber(1)],
        Description = "<p>Uma</p><p><b>H</b>istória</p>",
    };

    [Fact]
    public void A_book_that_was_typed_in_is_found_by_its_title_description_and_isbn()
    {
        var row = Projected(Typed);

        Assert.Equal(["a", "acao"], Words(row.Text.Titles));
        Assert.Equal(["uma", "historia"], Words(row.Text.Description));
        Assert.Equal("9780306406157", row.Text.Isbns);
        Assert.Equal("", row.Text.Subjects + row.Text.Publisher);
        Assert.Equal((null, null, null), (row.Year, row.Language, row.Publisher));
    }

    [Fact]
    public void A_book_from_a_catalogue_is_found_by_what_that_knows()
    {
        var row = Projected(Typed with
        {
            Details = new()
            {
                FullTitle = "A Ação: romance",
                Publisher = "Édipo",
                Year = 1999,
                Language = "por",
                Edition = "2.ª",
                Pages = 321,
                Series = ["Série Azul"],
                Subjects = ["Ética", "Política"],
                Aliases = [Isbn.Of("9780804429573")],
            },
        });

        Assert.Equal(["a", "acao", "a", "acao:", "romance", "serie", "azul"], Words(row.Text.Titles));
        Assert.Equal(["etica", "politica"], Words(row.Text.Subjects));
        Assert.Equal("edipo", row.Text.Publisher);
        Assert.Equal("9780306406157 9780804429573", row.Text.Isbns);
        Assert.Equal(
            ("A Ação: romance", "Édipo", 1999, "por", "2.ª", 321),
            (row.FullTitle, row.Publisher, row.Year, row.Language, row.Edition, row.Pages));
    }

    private static BookRow Projected(Book book) =>
        Assert.IsType<BookRow>(BookState.Project("isbn:9780306406157", 1, new() { Book = book }));

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
