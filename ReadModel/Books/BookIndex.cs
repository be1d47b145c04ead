using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Books;

/// <summary>
/// The full-text index of a database. It holds no text of its own: what it was made from is in book_texts and in the
/// names of the authors, and every change of either puts the book in anew.
/// </summary>
internal abstract class BookIndex
{
    public const string Name = "book_index";

    protected const string OfAuthor =
        """
        SELECT t.isbn_number
        FROM book_authors ba
        JOIN book_texts t ON t.isbn_number = CAST(ba.isbn AS BIGINT)
        WHERE ba.author = @p0
        """;

    public abstract string RemoveBook { get; }

    public abstract string AddBook { get; }

    public abstract string RemoveBooksOfAuthor { get; }

    public abstract string AddBooksOfAuthor { get; }

    /// <summary>Where the matches of a query that has terms are; adds to the conditions what makes them matches.</summary>
    public abstract IndexedMatches Matches(SearchQuery query, Conditions conditions);
}

/// <param name="Before">What stands before the SELECT.</param>
/// <param name="Tables">The index and the facets of its books, as f.</param>
/// <param name="Score">How well a book meets the query; more is better.</param>
internal sealed record IndexedMatches(string Before, string Tables, string Score);
