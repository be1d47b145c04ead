namespace Lms.ReadModel.Books;

/// <summary>A book with the names of its genre and authors as they are today.</summary>
/// <param name="Isbn">The 13 digits.</param>
/// <param name="IsbnAsGiven">The ISBN as the book was given it; the 13 digits if those were given.</param>
/// <param name="Title">The title.</param>
/// <param name="Genre">The name of the genre.</param>
/// <param name="Description">Sanitised HTML.</param>
/// <param name="Photo">The SHA-256 of the photo.</param>
/// <param name="Authors">In the order of the book.</param>
/// <param name="Version">The version that clients see.</param>
public sealed record BookSummary(
    string Isbn,
    string IsbnAsGiven,
    string Title,
    string Genre,
    string? Description,
    string? Photo,
    IReadOnlyList<BookAuthor> Authors,
    int Version);

public sealed record BookAuthor(long Number, string Name);

public sealed record BookTitle(string Isbn, string IsbnAsGiven, string Title);

public sealed record BookLendings(BookSummary Book, long Lendings);
