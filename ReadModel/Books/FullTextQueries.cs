using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Books;

/// <summary>Books by what is written in and about them.</summary>
public sealed class FullTextQueries(ReadModelDatabase database)
{
    /// <summary>
    /// Best first, equals by title, then ISBN. All matches are read once, in narrow rows, and ranked and counted here:
    /// the database would find them anew for the page, for the total and for each facet.
    /// </summary>
    public async Task<FoundBooks> FindAsync(
        SearchQuery query, BookFilter filter, int offset, int limit, CancellationToken cancellationToken)
    {
        var best = new BestMatches(offset + limit);
        var counts = new FacetCounts();
        var statement = Matches(database.Dialect, query, filter);
        await database.ReadAsync(
            statement.Sql,
            statement.Parameters,
            row =>
            {
                best.Add(row);
                counts.Add(row);
            },
            cancellationToken);

        return new(
            await BooksAsync([.. best.InOrder().Skip(offset)], cancellationToken),
            best.Total,
            new(
                await SpelledAsync(counts.Genres, cancellationToken),
                await NamedAsync(counts.Authors, cancellationToken),
                counts.Languages,
                counts.Years));
    }

    internal static Statement Matches(SqlDialect dialect, SearchQuery query, BookFilter filter)
    {
        var conditions = new Conditions()
            .Is("f.genre_folded", filter.GenreFolded)
            .Is("f.language", filter.Language)
            .AtLeast("f.year", filter.YearFrom)
            .AtMost("f.year", filter.YearTo)
            .Is("ba.author", filter.Author, WrittenBy)
            .Is("a.name_folded", filter.AuthorNameFolded, WrittenBy);
        var matches = query.Terms.Count == 0
            ? new("", "book_facets f", "CAST(0 AS DOUBLE PRECISION)")
            : dialect.BookIndex.Matches(query, conditions);
        return new(
            $"""
            {matches.Before}
            SELECT f.isbn_number, {matches.Score}, f.title_folded, f.genre_folded, f.language, f.year, f.authors
            FROM {matches.Tables}
            WHERE {conditions.All}
            """,
            conditions.Parameters);
    }

    private static string WrittenBy(string condition) =>
        $"""
        f.isbn_number IN (
            SELECT CAST(ba.isbn AS BIGINT)
            FROM book_authors ba
            JOIN authors a ON a.number = ba.author
            WHERE {condition})
        """;

    private async Task<IReadOnlyList<FoundBook>> BooksAsync(List<Match> page, CancellationToken cancellationToken)
    {
        var books = await new BookQueries(database).ByIsbnsAsync([.. page.Select(match => match.Isbn)], cancellationToken);
        return
        [
            .. page.Join(books, match => match.Isbn, book => book.Isbn, (match, book) => new FoundBook(book, match.Score)),
        ];
    }

    /// <summary>As the genres are spelled today.</summary>
    private async Task<IReadOnlyList<FacetCount<string>>> SpelledAsync(
        IReadOnlyList<FacetCount<string>> genres, CancellationToken cancellationToken)
    {
        if (genres.Count == 0)
        {
            return [];
        }

        var conditions = new Conditions().IsOneOf("folded", genres.Select(genre => genre.Value));
        var spellings = (await database.QueryAsync(
            $"SELECT folded, name FROM genres WHERE {conditions.All}",
            conditions.Parameters,
            row => KeyValuePair.Create(row.Text("folded"), row.Text("name")),
            cancellationToken)).ToDictionary(StringComparer.Ordinal);
        return [.. genres.Select(genre => genre with { Value = spellings.GetValueOrDefault(genre.Value, genre.Value) })];
    }

    /// <summary>As the authors are called today; those who do not exist are left out, as they are from the books.</summary>
    private async Task<IReadOnlyList<FacetCount<BookAuthor>>> NamedAsync(
        IReadOnlyList<FacetCount<long>> authors, CancellationToken cancellationToken)
    {
        if (authors.Count == 0)
        {
            return [];
        }

        var conditions = new Conditions().IsOneOf("number", authors.Select(author => (object)author.Value));
        var found = await database.QueryAsync(
            $"SELECT number, name FROM authors WHERE {conditions.All}",
            conditions.Parameters,
            row => new BookAuthor(row.LongNumber("number"), row.Text("name")),
            cancellationToken);
        return
        [
            .. authors.Join(
                found, counted => counted.Value, author => author.Number,
                (counted, author) => new FacetCount<BookAuthor>(author, counted.Count)),
        ];
    }
}
