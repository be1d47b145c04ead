using System.Data.Common;
using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Genres;

public sealed record GenreSummary(string Folded, string Name, int Version);

public sealed record GenreBooks(string Genre, long Books);

public sealed record GenreValue(string Genre, double Value);

public sealed record GenreMonthCount(int Year, int Month, string Genre, long Count);

public sealed record GenreMonthAverage(int Year, int Month, string Genre, double Average);

/// <summary>A lending counts for the genre that its book has today. Genres are ordered by their folded names.</summary>
public sealed class GenreQueries(ReadModelDatabase database)
{
    /// <summary>Genres that are not retired.</summary>
    public async Task<Page<GenreSummary>> AllAsync(int offset, int limit, CancellationToken cancellationToken) => new(
        await database.QueryAsync(
            """
            SELECT folded, name, version
            FROM genres
            WHERE retired = 0
            ORDER BY folded
            LIMIT @limit OFFSET @offset
            """,
            new { offset, limit },
            row => new GenreSummary(row.Text("folded"), row.Text("name"), row.Number("version")),
            cancellationToken),
        await database.CountAsync("SELECT COUNT(*) FROM genres WHERE retired = 0", null, cancellationToken));

    /// <summary>Null when there is none, or when it is retired.</summary>
    public async Task<GenreSummary?> FindAsync(string folded, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            "SELECT folded, name, version FROM genres WHERE folded = @folded AND retired = 0",
            new { folded },
            row => new GenreSummary(row.Text("folded"), row.Text("name"), row.Number("version")),
            cancellationToken)
            is [var genre] ? genre : null;

    /// <summary>The five genres with most books; those with equal counts by name.</summary>
    public async Task<IReadOnlyList<GenreBooks>> Top5ByBooksAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync(
            """
            SELECT COALESCE(g.name, counted.genre_folded) AS genre, counted.books
            FROM (
                SELECT genre_folded, COUNT(*) AS books
                FROM books
                WHERE is_hidden = 0
                GROUP BY genre_folded) counted
            LEFT JOIN genres g ON g.folded = counted.genre_folded
            ORDER BY counted.books DESC, counted.genre_folded
            LIMIT 5
            """,
            null,
            row => new GenreBooks(row.Text("genre"), row.LongNumber("books")),
            cancellationToken);

    /// <summary>
    /// Lendings that started in the month, per day of the month, rounded to one decimal; genres without any are
    /// left out.
    /// </summary>
    public async Task<IReadOnlyList<GenreValue>> AverageLendingsPerGenreAsync(
        int year, int month, int offset, int limit, CancellationToken cancellationToken)
    {
        var first = new DateOnly(year, month, 1);
        var days = DateTime.DaysInMonth(year, month);
        return await database.QueryAsync(
            """
            SELECT COALESCE(g.name, counted.genre_folded) AS genre, counted.lendings
            FROM (
                SELECT b.genre_folded, COUNT(*) AS lendings
                FROM lendings l
                JOIN books b ON b.isbn = l.isbn AND b.is_hidden = 0
                WHERE l.status <> 'void' AND l.started_on BETWEEN @first AND @last
                GROUP BY b.genre_folded) counted
            LEFT JOIN genres g ON g.folded = counted.genre_folded
            ORDER BY counted.genre_folded
            LIMIT @limit OFFSET @offset
            """,
            new { first = first.DayNumber, last = first.DayNumber + days - 1, offset, limit },
            row => new GenreValue(row.Text("genre"), Average.Of(row.LongNumber("lendings"), days)),
            cancellationToken);
    }

    /// <summary>
    /// Lendings that started between the dates, both included, by month and genre. Months and genres without any
    /// are left out.
    /// </summary>
    public async Task<IReadOnlyList<GenreMonthCount>> LendingsPerMonthAsync(
        DateOnly from, DateOnly to, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            """
            SELECT
                counted.started_year, counted.started_month, COALESCE(g.name, counted.genre_folded) AS genre,
                counted.lendings
            FROM (
                SELECT l.started_year, l.started_month, b.genre_folded, COUNT(*) AS lendings
                FROM lendings l
                JOIN books b ON b.isbn = l.isbn AND b.is_hidden = 0
                WHERE l.status <> 'void' AND l.started_on BETWEEN @from AND @to
                GROUP BY l.started_year, l.started_month, b.genre_folded) counted
            LEFT JOIN genres g ON g.folded = counted.genre_folded
            ORDER BY counted.started_year, counted.started_month, counted.genre_folded
            """,
            new { from = from.DayNumber, to = to.DayNumber },
            row => new GenreMonthCount(
                row.Number("started_year"), row.Number("started_month"), row.Text("genre"), row.LongNumber("lendings")),
            cancellationToken);

    /// <summary>
    /// How many days returned lendings took that started between the dates, both included, by the month they
    /// started in and genre. Rounded to one decimal.
    /// </summary>
    public async Task<IReadOnlyList<GenreMonthAverage>> AverageDurationPerMonthAsync(
        DateOnly start, DateOnly end, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            """
            SELECT
                counted.started_year, counted.started_month, COALESCE(g.name, counted.genre_folded) AS genre,
                counted.lendings, counted.days
            FROM (
                SELECT
                    l.started_year, l.started_month, b.genre_folded, COUNT(*) AS lendings,
                    CAST(SUM(l.returned_on - l.started_on) AS BIGINT) AS days
                FROM lendings l
                JOIN books b ON b.isbn = l.isbn AND b.is_hidden = 0
                WHERE l.status = 'returned' AND l.started_on BETWEEN @start AND @end
                GROUP BY l.started_year, l.started_month, b.genre_folded) counted
            LEFT JOIN genres g ON g.folded = counted.genre_folded
            ORDER BY counted.started_year, counted.started_month, counted.genre_folded
            """,
            new { start = start.DayNumber, end = end.DayNumber },
            MonthAverage,
            cancellationToken);

    /// <summary>How many books have the genre, to decide whether it may be retired.</summary>
    public Task<long> BooksInGenreAsync(string genreFolded, CancellationToken cancellationToken) =>
        database.CountAsync(
            "SELECT COUNT(*) FROM books WHERE genre_folded = @genreFolded AND is_hidden = 0",
            new { genreFolded },
            cancellationToken);

    private static GenreMonthAverage MonthAverage(DbDataReader row) => new(
        row.Number("started_year"),
        row.Number("started_month"),
        row.Text("genre"),
        Average.Of(row.LongNumber("days"), row.LongNumber("lendings")));
}
