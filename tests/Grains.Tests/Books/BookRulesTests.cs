using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Genres;
using Lms.Grains.Books;

namespace Lms.Grains.Tests.Books;

public sealed class BookRulesTests
{
    private static readonly GenreName s_genre = GenreName.Of("Romance");
    private static readonly AuthorNumber[] s_authors = [new(1), new(2)];

    [Theory]
    [InlineData(null, "title-missing")]
    [InlineData("", "title-missing")]
    [InlineData("   ", "title-missing")]
    [InlineData("A", null)]
    [InlineData("<b>A & B</b>", null)]
    public void A_title_is_needed(string? title, string? code) => Assert.Equal(code, Create(title).Rejection?.Code);

    [Theory]
    [InlineData(128, null)]
    [InlineData(129, "title-too-long")]
    public void A_title_has_128_characters_at_most(int length, string? code) =>
        Assert.Equal(code, Create(new('a', length)).Rejection?.Code);

    [Fact]
    public void Spaces_around_a_title_do_not_count() =>
        Assert.Equal(new string('a', 128), Create($"  {new string('a', 128)}  ").Value?.Book?.Title);

    [Theory]
    [InlineData(4096, null)]
    [InlineData(4097, "description-too-long")]
    public void A_description_has_4096_characters_at_most(int length, string? code) =>
        Assert.Equal(code, Create("A", new('a', length)).Rejection?.Code);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void A_description_that_is_absent_or_blank_is_none(string? description) =>
        Assert.Null(Create("A", description).Value!.Book!.Description);

    [Fact]
    public void A_genre_that_does_not_exist_is_refused() =>
        Assert.Equal(BookRejections.GenreUnknown, Decide(new(), Command("A"), genre: null, s_authors).Rejection);

    [Theory]
    [InlineData(0, "author-missing")]
    [InlineData(1, null)]
    [InlineData(100, null)]
    [InlineData(101, "too-many-authors")]
    public void A_book_has_between_one_and_a_hundred_authors(int count, string? code) => Assert.Equal(
        code,
        Decide(new(), Command("A"), s_genre, [.. Enumerable.Range(1, count).Select(number => new AuthorNumber(number))]).Rejection?.Code);

    [Fact]
    public void A_second_book_with_the_isbn_is_refused_and_a_repeat_is_not()
    {
        var command = Command("A");
        var created = Decide(new(), command, s_genre, s_authors).Value!;

        Assert.Equal(BookRejections.Exists, Decide(created, Command("B"), s_genre, s_authors).Rejection);
        Assert.Same(created, Decide(created, command with { Title = null }, genre: null, []).Value);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "stale-version")]
    public void A_change_is_for_those_who_saw_the_book_as_it_is(int version, string? code) => Assert.Equal(
        code, BookRules.Change(Created(), Any.Isbn, Change(version), null, null, Any.Instant).Rejection?.Code);

    [Fact]
    public void What_a_change_does_not_name_stays()
    {
        var before = Created();

        var after = BookRules.Change(before, Any.Isbn, Change(0), null, null, Any.Instant).Value!;

        Assert.Equal(before.Book! with { Version = 1 }, after.Book);
    }

    [Fact]
    public void A_repeated_change_gets_its_first_answer_although_the_version_has_moved()
    {
        var command = Change(0) with { Title = "B" };
        var changed = BookRules.Change(Created(), Any.Isbn, command, null, null, Any.Instant).Value!;

        Assert.Same(changed, BookRules.Change(changed, Any.Isbn, command, null, null, Any.Instant).Value);
    }

    [Fact]
    public void A_change_is_judged_like_a_creation()
    {
        var (state, isbn) = (Created(), Any.Isbn);

        Assert.Equal(BookRejections.TitleMissing, BookRules.Change(state, isbn, Change(0) with { Title = " " }, null, null, Any.Instant).Rejection);
        Assert.Equal(BookRejections.GenreUnknown, BookRules.Change(state, isbn, Change(0) with { Genre = "?" }, null, null, Any.Instant).Rejection);
        Assert.Equal(BookRejections.AuthorMissing, BookRules.Change(state, isbn, Change(0) with { Authors = [] }, null, [], Any.Instant).Rejection);
        Assert.Equal(BookRejections.Unknown(isbn), BookRules.Change(new(), isbn, Change(0), null, null, Any.Instant).Rejection);
    }

    [Fact]
    public void A_photo_is_removed_once()
    {
        var isbn = Any.Isbn;
        var with = Decide(new(), Command("A") with { Photo = "abc" }, s_genre, s_authors).Value!;
        var without = BookRules.RemovePhoto(with, isbn, Any.Operation, Any.Instant).Value!;

        Assert.Equal((null, 1), (without.Book!.Photo, without.Book.Version));
        Assert.Equal(BookRejections.NoPhoto, BookRules.RemovePhoto(without, isbn, Any.Operation, Any.Instant).Rejection);
        Assert.Equal(BookRejections.Unknown(isbn), BookRules.RemovePhoto(new(), isbn, Any.Operation, Any.Instant).Rejection);
    }

    [Theory]
    [InlineData("A", "Romance", 1, null)]
    [InlineData(" ", "Romance", 1, "title-missing")]
    [InlineData("A", "", 1, "genre-invalid")]
    [InlineData("A", null, 1, "genre-invalid")]
    [InlineData("A", "Romance", 0, "author-missing")]
    [InlineData("A", "Romance", 100, null)]
    [InlineData("A", "Romance", 101, "too-many-authors")]
    public void A_completion_is_judged_before_anything_is_made(string title, string? genre, int authors, string? code)
    {
        var command = new CompleteBook(
            Any.Operation, "9789720706386", title, genre, [.. Enumerable.Repeat(new NamedAuthor(null, "Ana", "Bio"), authors)], null);

        Assert.Equal(code, BookRules.CheckComplete(new(), command)?.Code);
    }

    private static CreateBook Command(string? title, string? description = null) =>
        new(Any.Operation, "9789720706386", title, "Romance", s_authors, description, Photo: null);

    private static ChangeBook Change(int version) => new(Any.Operation, version, null, null, null, null, null);

    private static Abstractions.Result<BookState> Decide(
        BookState state, CreateBook command, GenreName? genre, AuthorNumber[] authors) =>
        BookRules.Create(state, Isbn.Of("9789720706386"), command, genre, authors, Any.Instant);

    private static Abstractions.Result<BookState> Create(string? title, string? description = null) =>
        Decide(new(), Command(title, description), s_genre, s_authors);

    private static BookState Created() => Create("A", "Texto").Value!;
}
