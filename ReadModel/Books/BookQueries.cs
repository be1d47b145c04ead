using System.Data.Common;
using Dapper;
using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Books;

/// <summary>Books are ordered by title, then ISBN, unless a method says otherwise.</summary>
public sealed class BookQueries(ReadModelDatabase database)
{
    /// <summary>
    /// Books of which the title or the genre contains, or the name of one author starts with, what is given. Null means
    /// not given; with nothing given nothing is found.
    /// </summary>
    public async Task<IReadOnlyList<BookSummary>> FindAsync(
        string? titleFolded, string? genreFolded, string? authorNameFolded, CancellationToken cancellationToken)
    {
        var conditions = new Conditions()
            .Contains("b.title_folded", titleFolded)
            .Contains("b.genre_folded", genreFolded)
            .StartsWith("a.name_folded", authorNameFolded, WrittenBy);

        return conditions.AreNone
            ? []
            : await ListAsync(
                $"SELECT b.isbn, 0 AS place FROM books b WHERE b.is_hidden = 0 AND {conditions.Any}",
                conditions.Parameters,
                cancellationToken);
    }

    /// <summary>
    /// Books of which the title, the genre and the name of one author all start with what is given. Null means not
    /// given; with nothing given every book is found.
    /// </summary>
    public async Task<IReadOnlyList<BookSummary>> SearchAsync(
        string? titleFolded,
        string? genreFolded,
        string? authorNameFolded,
        int offset,
        int limit,
        CancellationToken cancellationToken)
    {
        var statement = Search(titleFolded, genreFolded, authorNameFolded, offset, limit);
        return await ListAsync(statement.Sql, statement.Parameters, cancellationToken);
    }

    public async Task<IReadOnlyList<BookSummary>> OfAuthorAsync(long number, CancellationToken cancellationToken) =>
        await ListAsync(
            """
            SELECT b.isbn, 0 AS place
            FROM book_authors ba
            JOIN books b ON b.isbn = ba.isbn
            WHERE b.is_hidden = 0 AND ba.author = @number
            """,
            new { number },
            cancellationToken);

    /// <summary>Those that are there; unknown ISBNs are left out.</summary>
    public async Task<IReadOnlyList<BookSummary>> ByIsbnsAsync(
        IReadOnlyCollection<string> isbns, CancellationToken cancellationToken)
    {
        if (isbns.Count == 0)
        {
            return [];
        }

        var conditions = new Conditions().IsOneOf("b.isbn", isbns);
        return await ListAsync(
            $"SELECT b.isbn, 0 AS place FROM books b WHERE b.is_hidden = 0 AND {conditions.All}",
            conditions.Parameters,
            cancellationToken);
    }

    /// <summary>
    /// The five most lent books, counting lendings that started on the day or later; equal counts by title.
    /// </summary>
    public async Task<IReadOnlyList<BookLendings>> Top5Async(DateOnly since, CancellationToken cancellationToken)
    {
        var found = await FoundAsync(
            """
            SELECT b.isbn, -lent.lendings AS place
            FROM (
                SELECT l.isbn, COUNT(*) AS lendings, RANK() OVER (ORDER BY COUNT(*) DESC) AS rank_of_count
                FROM lendings l
                JOIN books b ON b.isbn = l.isbn AND b.is_hidden = 0
                WHERE l.status <> 'void' AND l.started_on >= @since
                GROUP BY l.isbn) lent
            JOIN books b ON b.isbn = lent.isbn
            WHERE lent.rank_of_count <= 5
            ORDER BY place, b.title_folded, b.isbn
            LIMIT 5
            """,
            new { since = since.DayNumber },
            cancellationToken);
        return [.. found.Select(book => new BookLendings(book.Book, -book.Place))];
    }

    /// <summary>Up to so many books of each genre, in the order of the genres.</summary>
    public async Task<IReadOnlyList<BookSummary>> SuggestionsAsync(
        IReadOnlyList<string> genresFolded, int limitPerGenre, CancellationToken cancellationToken)
    {
        if (genresFolded.Count == 0)
        {
            return [];
        }

        var parameters = new DynamicParameters(new { limitPerGenre });
        var genres = new List<string>();
        foreach (var genre in genresFolded.Distinct(StringComparer.Ordinal))
        {
            genres.Add($"@genre{genres.Count}");
            parameters.Add(genres[^1], genre);
        }

        var places = genres.Select((genre, place) => $"WHEN {genre} THEN {place}");
        return await ListAsync(
            $"""
            SELECT isbn, place
            FROM (
                SELECT
                    b.isbn,
                    CASE b.genre_folded {string.Join(" ", places)} END AS place,
                    ROW_NUMBER() OVER (PARTITION BY b.genre_folded ORDER BY b.title_folded, b.isbn) AS position
                FROM books b
                WHERE b.is_hidden = 0 AND b.genre_folded IN ({string.Join(", ", genres)})) ranked
            WHERE position <= @limitPerGenre
            """,
            parameters,
            cancellationToken);
    }

    /// <summary>
    /// How long the book was away, over its returned lendings; null without any. Rounded to one decimal.
    /// </summary>
    public async Task<double?> AverageLendingDaysAsync(string isbn, CancellationToken cancellationToken)
    {
        var averages = await database.QueryAsync(
            """
            SELECT CAST(SUM(returned_on - started_on) AS BIGINT) AS days, COUNT(*) AS lendings
            FROM lendings
            WHERE isbn = @isbn AND status = 'returned'
            HAVING COUNT(*) > 0
            """,
            new { isbn },
            row => Average.Of(row.LongNumber("days"), row.LongNumber("lendings")),
            cancellationToken);
        return averages is [var average] ? average : null;
    }

    internal static Statement Search(
        string? titleFolded, string? genreFolded, string? authorNameFolded, int offset, int limit)
    {
        var conditions = new Conditions()
            .StartsWith("b.title_folded", titleFolded)
            .StartsWith("b.genre_folded", genreFolded)
            .StartsWith("a.name_folded", authorNameFolded, WrittenBy);
        conditions.Parameters.AddDynamicParams(new { offset, limit });

        return new(
            $"""
            SELECT b.isbn, 0 AS place
            FROM books b
            WHERE b.is_hidden = 0 AND {conditions.All}
            ORDER BY b.title_folded, b.isbn
            LIMIT @limit OFFSET @offset
            """,
            conditions.Parameters);
    }

    internal static BookTitle Title(DbDataReader row) =>
        new(row.Text("isbn"), row.TextOrNull("isbn_as_given") ?? row.Text("isbn"), row.Text("title"));

    private static string WrittenBy(string condition) =>
        $"""
        b.isbn IN (SELECT ba.isbn FROM authors a JOIN book_authors ba ON ba.author = a.number WHERE {condition})
        """;

    private async Task<IReadOnlyList<BookSummary>> ListAsync(
        string found, object parameters, CancellationToken cancellationToken) =>
        [.. (await FoundAsync(found, parameters, cancellationToken)).Select(book => book.Book)];

    /// <summary>
    /// Books with their authors in one query: one row for each author of each book. What is found has the columns
    /// isbn and place, and comes back by place, then title.
    /// </summary>
    private async Task<List<(BookSummary Book, long Place)>> FoundAsync(
        string found, object parameters, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync(
            $"""
            WITH found AS (
            {found})
            SELECT
                found.place, b.isbn, b.isbn_as_given, b.title, COALESCE(g.name, b.genre_folded) AS genre, b.description,
                b.photo, b.version, a.number AS author_number, a.name AS author_name
            FROM found
            JOIN books b ON b.isbn = found.isbn
            LEFT JOIN genres g ON g.folded = b.genre_folded
            LEFT JOIN book_authors ba ON ba.isbn = b.isbn
            LEFT JOIN authors a ON a.number = ba.author
            ORDER BY found.place, b.title_folded, b.isbn, ba.position
            """,
            parameters,
            row => (
                Place: row.LongNumber("place"),
                Title: Title(row),
                Genre: row.Text("genre"),
                Description: row.TextOrNull("description"),
                Photo: row.TextOrNull("photo"),
                Version: row.Number("version"),
                Author: row.IsNull("author_number")
                    ? null
                    : new BookAuthor(row.LongNumber("author_number"), row.Text("author_name"))),
            cancellationToken);

        return
        [
            .. rows.GroupBy(row => row.Title.Isbn, (_, of) => of.ToList()).Select(of => (
                new BookSummary(
                    of[0].Title.Isbn,
                    of[0].Title.IsbnAsGiven,
                    of[0].Title.Title,
                    of[0].Genre,
                    of[0].Description,
                    of[0].Photo,
                    [.. of.Select(row => row.Author).OfType<BookAuthor>()],
                    of[0].Version),
                of[0].Place)),
        ];
    }
}
