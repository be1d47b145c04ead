using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Books;

/// <summary>
/// Vectors of our own words: no configuration of PostgreSQL splits, folds or drops any. Finds and ranks as SQLite does,
/// by the same BM25 over the same weights.
/// </summary>
/// <remarks>
/// Where they differ: here the totals are those of the books that are there, while SQLite also counts what a book was
/// before it changed. Words count up to their 500th character, a word of one book up to its 256th place, and phrases
/// are found in the first 16,383 words; descriptions come last, so that it is their end that is lost.
/// </remarks>
internal sealed class PostgresBookIndex : BookIndex
{
    /// <summary>No list of pending entries: every search would read it, and whoever fills it would wait for its merge.</summary>
    public const string CreateTable =
        $"""
        CREATE TABLE {Name} (
            isbn_number       BIGINT   NOT NULL PRIMARY KEY,
            words             TSVECTOR NOT NULL,
            tokens            INTEGER  NOT NULL);
        CREATE INDEX {Name}_by_words ON {Name} USING gin (words) WITH (fastupdate = off);
        CREATE INDEX {Name}_by_tokens ON {Name} (tokens);
        """;

    private const int WordLength = 500;

    // A place is left empty between columns, for a phrase does not go from one into the next. Four letters are enough
    // for the weights 10, 6, 3 and 1. Lengths are cut where a vector would be refused, for it may not exceed 1 MB.
    private static readonly string s_add =
        $"""
        INSERT INTO {Name} (isbn_number, words, tokens)
        SELECT t.isbn_number, v.words, v.tokens
        FROM book_texts t
        CROSS JOIN LATERAL (
            SELECT
                CAST(COALESCE(STRING_AGG('''' || LEFT(w.word, {WordLength}) || ''':' || w.place || w.weight, ' '), '') AS TSVECTOR) AS words,
                CAST(COUNT(*) AS INTEGER) AS tokens
            FROM (
                SELECT s.word, c.weight, ROW_NUMBER() OVER (ORDER BY c.number, s.place) + c.number AS place
                FROM (
                    VALUES
                        (1, 'A', t.title),
                        (2, 'A', t.isbns),
                        (3, 'B', (
                            SELECT STRING_AGG(a.name_words, ' ' ORDER BY ba.position)
                            FROM book_authors ba
                            JOIN authors a ON a.number = ba.author
                            WHERE ba.isbn = t.isbn)),
                        (4, 'C', t.subjects),
                        (5, 'D', t.publisher),
                        (6, 'D', t.description)) c (number, weight, words)
                CROSS JOIN UNNEST(STRING_TO_ARRAY(LEFT(c.words, 40000), ' ')) WITH ORDINALITY s (word, place)
                WHERE s.word <> '') w) v
        """;

    public override string RemoveBook => $"DELETE FROM {Name} WHERE isbn_number = @p0";

    public override string AddBook => $"{s_add} WHERE t.isbn_number = @p0";

    public override string RemoveBooksOfAuthor => $"DELETE FROM {Name} WHERE isbn_number IN ({OfAuthor})";

    public override string AddBooksOfAuthor => $"{s_add} WHERE t.isbn_number IN ({OfAuthor})";

    public override IndexedMatches Matches(SearchQuery query, Conditions conditions)
    {
        var terms = Enumerable.Range(0, query.Terms.Count).ToList();
        foreach (var (number, term) in query.Terms.Index())
        {
            conditions.Parameters.Add($"term{number}", Match(term));
        }

        conditions.Parameters.Add("match", string.Join(" & ", query.Terms.Select(term => $"({Match(term)})")));
        conditions.Add("i.words @@ CAST(@match AS TSQUERY)");
        return new(Totals(terms), Ranked(terms), string.Join(" + ", terms.Select(Score)));
    }

    /// <summary>How many books there are, how long they are on average, and how telling each term is.</summary>
    private static string Totals(IEnumerable<int> terms) =>
        $"""
        WITH size AS MATERIALIZED (
            SELECT
                CAST(COUNT(*) AS FLOAT8) AS books,
                CAST(SUM(tokens) AS FLOAT8) / CAST(NULLIF(COUNT(*), 0) AS FLOAT8) AS average
            FROM {Name}),
        found AS MATERIALIZED (
            SELECT books, average, {Each(terms, number =>
                $"(SELECT CAST(COUNT(*) AS FLOAT8) FROM {Name} WHERE words @@ CAST(@term{number} AS TSQUERY)) AS found{number}")}
            FROM size),
        totals AS MATERIALIZED (
            SELECT average, {Each(terms, number =>
                $"""
                CASE
                    WHEN books <= 2 * found{number} THEN CAST(1e-6 AS FLOAT8)
                    ELSE LN((books - found{number} + 0.5) / (found{number} + 0.5))
                END AS idf{number}
                """)}
            FROM found)
        """;

    // For one word or phrase the cover density is the sum of the weights of its places, for each cover is as short as it
    // can be. Weights above 1 are refused: they are tenths of ours. OFFSET 0 keeps it from being computed twice.
    private static string Ranked(IEnumerable<int> terms) =>
        $$"""
        totals
        CROSS JOIN {{Name}} i
        JOIN book_facets f ON f.isbn_number = i.isbn_number
        CROSS JOIN LATERAL (
            SELECT {{Each(terms, number =>
                $"ROUND(10 * CAST(TS_RANK_CD('{{0.1,0.3,0.6,1}}', i.words, CAST(@term{number} AS TSQUERY)) AS FLOAT8)) AS hits{number}")}}
            OFFSET 0) h
        """;

    // In the order of SQLite's own computation, so that equals are equal here too.
    private static string Score(int term) =>
        $"idf{term} * ((hits{term} * 2.2) / (hits{term} + 1.2 * (0.25 + 0.75 * i.tokens / average)))";

    private static string Each(IEnumerable<int> terms, Func<int, string> text) => string.Join(", ", terms.Select(text));

    /// <summary>Words consist of letters, marks and numbers, so none can end its quotes.</summary>
    private static string Match(SearchTerm term) =>
        string.Join(" <-> ", term.Words.Select(word => $"'{Cut(word)}'")) + (term.IsPrefix ? ":*" : "");

    private static string Cut(string word) =>
        word.Length <= WordLength ? word : string.Concat(word.EnumerateRunes().Take(WordLength));
}
