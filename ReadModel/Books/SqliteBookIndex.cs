using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Books;

internal sealed class SqliteBookIndex : BookIndex
{
    /// <summary>
    /// The tokenizer splits at spaces, for that is all it finds; it neither folds nor stems. Beginnings of one letter have
    /// an index of their own: they match most books through thousands of words.
    /// </summary>
    public const string CreateTable =
        $"""
        CREATE VIRTUAL TABLE {Name} USING fts5(
            title, authors, subjects, description, publisher, isbns,
            content = '', contentless_delete = 1, prefix = '1', tokenize = 'ascii');
        """;

    // The weights are those of the columns.
    private const string Score = $"-bm25({Name}, 10, 6, 3, 1, 1, 10)";

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

    public override string RemoveBook => $"DELETE FROM {Name} WHERE rowid = @p0";

    public override string AddBook => $"{Add} WHERE t.isbn_number = @p0";

    public override string RemoveBooksOfAuthor => $"DELETE FROM {Name} WHERE rowid IN ({OfAuthor})";

    public override string AddBooksOfAuthor => $"{Add} WHERE t.isbn_number IN ({OfAuthor})";

    // SQLite keeps the order of a CROSS JOIN: the index is asked once, and not for each row of the filters.
    public override IndexedMatches Matches(SearchQuery query, Conditions conditions)
    {
        conditions.Add($"{Name} MATCH @match AND f.isbn_number = {Name}.rowid");
        conditions.Parameters.Add("match", Match(query));
        return new("", $"{Name} CROSS JOIN book_facets f", Score);
    }

    /// <summary>
    /// The query in the words of FTS5. Each word stands in quotes and consists of letters, marks and numbers, so it
    /// cannot end them.
    /// </summary>
    private static string Match(SearchQuery query) => string.Join(
        " AND ",
        query.Terms.Select(term => $"\"{string.Join(' ', term.Words)}\"{(term.IsPrefix ? " *" : "")}"));
}
