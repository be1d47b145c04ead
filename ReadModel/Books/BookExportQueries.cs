using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Books;

/// <summary>A book with everything that is known of it.</summary>
/// <param name="Isbn">The 13 digits.</param>
/// <param name="IsbnAsGiven">The ISBN as the book was given it.</param>
/// <param name="Title">The title.</param>
/// <param name="Genre">The name of the genre.</param>
/// <param name="Description">Sanitised HTML.</param>
/// <param name="Authors">Names, in the order of the book.</param>
/// <param name="Record">As <see cref="BookRow.Record"/>.</param>
public sealed record ExportRow(
    string Isbn, string IsbnAsGiven, string Title, string Genre, string? Description, IReadOnlyList<string> Authors, string? Record);

public sealed class BookExportQueries(ReadModelDatabase database)
{
    /// <summary>The next books in the order of their ISBNs; none at the end.</summary>
    /// <param name="after">The last ISBN of the page before; empty for the first page.</param>
    /// <param name="limit">Books of a page.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<IReadOnlyList<ExportRow>> PageAsync(string after, int limit, CancellationToken cancellationToken)
    {
        var books = await database.QueryAsync(
            """
            SELECT
                b.isbn, b.isbn_as_given, b.title, COALESCE(g.name, b.genre_folded) AS genre, b.description, r.record
            FROM books b
            LEFT JOIN genres g ON g.folded = b.genre_folded
            LEFT JOIN book_records r ON r.isbn = b.isbn
            WHERE b.isbn > @after AND b.is_hidden = 0
            ORDER BY b.isbn
            LIMIT @limit
            """,
            new { after, limit },
            row => new ExportRow(
                row.Text("isbn"),
                row.TextOrNull("isbn_as_given") ?? row.Text("isbn"),
                row.Text("title"),
                row.Text("genre"),
                row.TextOrNull("description"),
                [],
                row.TextOrNull("record")),
            cancellationToken);
        if (books.Count == 0)
        {
            return [];
        }

        var authors = (await database.QueryAsync(
            """
            SELECT ba.isbn, a.name
            FROM book_authors ba
            JOIN authors a ON a.number = ba.author
            WHERE ba.isbn > @after AND ba.isbn <= @last
            ORDER BY ba.isbn, ba.position
            """,
            new { after, last = books[^1].Isbn },
            row => (Isbn: row.Text("isbn"), Name: row.Text("name")),
            cancellationToken)).ToLookup(author => author.Isbn, author => author.Name, StringComparer.Ordinal);
        return [.. books.Select(book => book with { Authors = [.. authors[book.Isbn]] })];
    }
}
