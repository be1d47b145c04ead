namespace Lms.ReadModel.Books;

/// <summary>
/// The full-text index of SQLite. It holds no text of its own: what it was made from is in book_texts and in the names
/// of the authors, and every change of either puts the book in anew.
/// </summary>
internal static class BookIndex
{
    public const string Name = "book_index";

    /// <summary>
    /// The tokenizer splits at spaces, for that is all it finds; it neither folds nor stems. Beginnings of one letter have
    /// an index of their own: they match most books through thousands of words.
    /// </summary>
    public const string Create =
        $"""
        CREATE VIRTUAL TABLE {Name} USING fts5(
            title, authors, subjects, description, publisher, isbns,
            content = '', contentless_delete = 1, prefix = '1', tokenize = 'ascii');
        """;

    public const string RemoveBook = $"DELETE FROM {Name} WHERE rowid = @p0";

    public const string AddBook = $"{Add} WHERE t.isbn_number = @p0";

    public const string RemoveBooksOfAuthor = $"DELETE FROM {Name} WHERE rowid IN ({OfAuthor})";

    public const string AddBooksOfAuthor = $"{Add} WHERE t.isbn_number IN ({OfAuthor})";

    /// <summary>How well a book meets the query; more is better. The weights are those of the columns.</summary>
    public const string Score = $"-bm25({Name}, 10, 6, 3, 1, 1, 10)";

    private const string Add =
        $"""
        INSERT INTO {Name} (rowid, title, authors, subjects, description, publisher, isbns)
        SELECT
            t.isbn_number, t.title,
            (SELECT group_concat(a.name_words, ' ' ORDER BY ba.position)
                FROM book_authors ba
                JOIN authors a ON a.number = ba.author
                WHERE ba.isbn = t.isbn),
            t.subjects, t.description, t.publisher, t.isbns
        FROM book_texts t
        """;

    private const string OfAuthor =
        """
        SELECT t.isbn_number
        FROM book_authors ba
        JOIN book_texts t ON t.isbn_number = CAST(ba.isbn AS BIGINT)
        WHERE ba.author = @p0
        """;

    /// <summary>
    /// The query in the words of FTS5. Each word stands in quotes and consists of letters, marks and numbers, so it
    /// cannot end them.
    /// </summary>
    public static string Match(SearchQuery query) => string.Join(
        " AND ",
        query.Terms.Select(term => $"\"{string.Join(' ', term.Words)}\"{(term.IsPrefix ? " *" : "")}"));
}
