using System.Text.Json.Serialization;
using Lms.ApiFrontend.Http;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Books;
using Lms.ReadModel.Books;

namespace Lms.ApiFrontend.Books;

internal sealed record BookView(
    string Title,
    IReadOnlyList<string> Authors,
    string Genre,
    string? Description,
    string Isbn,
    [property: JsonPropertyName("_links")] BookLinks Links)
{
    /// <param name="book">The book.</param>
    /// <param name="authors">Its authors, in its order.</param>
    /// <param name="genre">Its genre as the library spells it.</param>
    /// <param name="links">Addresses as the client sees them.</param>
    public static BookView From(Book book, IReadOnlyList<Author> authors, string genre, Links links) => new(
        book.Title,
        [.. authors.Select(author => author.Name)],
        genre,
        book.Description,
        book.IsbnAsGiven,
        BookLinks.Of(book.IsbnAsGiven, authors.Select(author => author.Number), links));

    public static BookView From(BookSummary book, Links links) => new(
        book.Title,
        [.. book.Authors.Select(author => author.Name)],
        book.Genre,
        book.Description,
        book.IsbnAsGiven,
        BookLinks.Of(book.IsbnAsGiven, book.Authors.Select(author => new AuthorNumber(author.Number)), links));

    public static Wrapped<BookView> From(IReadOnlyList<BookSummary> books, Links links) =>
        new([.. books.Select(book => From(book, links))]);
}

internal sealed record BookLinks(string Self, IReadOnlyList<Href> Authors, string Photo)
{
    public static BookLinks Of(string isbn, IEnumerable<AuthorNumber> authors, Links links) => new(
        links.Book(isbn), [.. authors.Select(author => new Href(links.Author(author)))], $"{links.Book(isbn)}/photo");
}

internal sealed record BookCountView(BookView BookView, long LendingCount);

internal sealed record BookAverageLendingDurationView(BookView Book, double AverageLendingDuration);

internal sealed record BookQuery(string? Title, string? Genre, string? AuthorName);

/// <summary>What a client may say of a book.</summary>
/// <param name="Title">1 to 128 characters.</param>
/// <param name="Genre">The name of a genre that exists.</param>
/// <param name="Authors">Numbers of authors. The field may be called <c>authors[]</c> as well, and repeats.</param>
/// <param name="Description">At most 4096 characters; HTML is reduced to formatting and links.</param>
/// <param name="Photo">PNG or JPEG of at most 20000 bytes; in multipart forms only.</param>
internal sealed record BookForm(string? Title, string? Genre, string[]? Authors, string? Description, IFormFile? Photo);

/// <summary>A book together with the genre and authors that may not exist yet.</summary>
internal sealed record CompleteBookRequest(
    string? Isbn, string? Title, string? Description, string? Genre, CompleteBookAuthor[]? Authors);

/// <summary>Either the number of an author who exists, or name and bio of one who does not.</summary>
internal sealed record CompleteBookAuthor(long? AuthorNumber, string? Name, string? Bio);
