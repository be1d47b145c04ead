using System.Text.Json.Serialization;
using Lms.ApiFrontend.Http;
using Lms.Grains.Abstractions.Authors;
using Lms.ReadModel.Authors;
using Lms.ReadModel.Books;

namespace Lms.ApiFrontend.Authors;

internal sealed record AuthorView(
    long AuthorNumber,
    string Name,
    string Bio,
    string? Photo,
    [property: JsonPropertyName("_links")] AuthorLinks Links)
{
    public static AuthorView From(Author author, Links links) =>
        New(author.Number, author.Name, author.Bio, author.Photo, links);

    public static AuthorView From(AuthorSummary author, Links links) =>
        New(new(author.Number), author.Name, author.Bio, author.Photo, links);

    private static AuthorView New(AuthorNumber number, string name, string bio, string? photo, Links links)
    {
        var self = links.Author(number);
        return new(
            number.Value, name, bio, photo is null ? null : $"{self}/photo", new(self, $"{self}/books", $"{self}/photo"));
    }
}

internal sealed record AuthorLinks(string Author, string BooksByAuthor, string Photo);

internal sealed record AuthorLendingView(string AuthorName, long LendingCount);

internal sealed record CoAuthorsView(AuthorView Author, IReadOnlyList<CoAuthorView> Coauthors);

internal sealed record CoAuthorView(
    string Name,
    [property: JsonPropertyName("_links")] AuthorLinks Links,
    IReadOnlyList<BookShortView> Books)
{
    public static CoAuthorView From(CoAuthor author, Links links)
    {
        var self = links.Author(new(author.Number));
        return new(
            author.Name,
            new(self, $"{self}/books", $"{self}/photo"),
            [.. author.Books.Select(book => BookShortView.From(book, links))]);
    }
}

/// <summary>A book in the list of a co-author; its link is a plain text.</summary>
internal sealed record BookShortView(string Title, string Isbn, [property: JsonPropertyName("_links")] string Links)
{
    public static BookShortView From(BookTitle book, Links links) =>
        new(book.Title, book.IsbnAsGiven, links.Book(book.IsbnAsGiven));
}

/// <summary>What a client may say of an author.</summary>
/// <param name="Name">1 to 150 letters, digits, spaces, hyphens and apostrophes.</param>
/// <param name="Bio">1 to 4096 characters; HTML is reduced to formatting and links.</param>
/// <param name="Photo">PNG or JPEG of at most 20000 bytes; in multipart forms only.</param>
internal sealed record AuthorForm(string? Name, string? Bio, IFormFile? Photo);
