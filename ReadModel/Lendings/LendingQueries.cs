using System.Data.Common;
using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Lendings;

/// <summary>A lending with the title that its book has today.</summary>
public sealed record LendingSummary(
    string Number,
    string Isbn,
    string Title,
    string Reader,
    DateOnly StartedOn,
    DateOnly DueOn,
    DateOnly? ReturnedOn,
    int FinePerDayInCents,
    int? FineInCents,
    string? Barcode,
    int Version);

public sealed class LendingQueries(ReadModelDatabase database)
{
    internal const string Summaries =
        """
        SELECT
            l.number, l.isbn, COALESCE(b.title, l.book_title) AS title, l.reader, l.started_on, l.due_on, l.returned_on,
            l.fine_per_day_in_cents, l.fine_in_cents, l.barcode, l.version
        FROM lendings l
        LEFT JOIN books b ON b.isbn = l.isbn AND b.is_hidden = 0
        WHERE l.status <> 'void'
        """;

    /// <summary>Not returned, and due before today; oldest due date first.</summary>
    public async Task<IReadOnlyList<LendingSummary>> OverdueAsync(
        DateOnly today, int offset, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"""
            {Summaries} AND l.status = 'active' AND l.due_on < @today
            ORDER BY l.due_on, l.year, l.sequence
            LIMIT @limit OFFSET @offset
            """,
            new { today = today.DayNumber, offset, limit },
            Summary,
            cancellationToken);

    /// <summary>
    /// How long books were away, over all returned lendings; null without any. Rounded to one decimal.
    /// </summary>
    public async Task<double?> AverageDaysAsync(CancellationToken cancellationToken)
    {
        var averages = await database.QueryAsync(
            """
            SELECT CAST(SUM(returned_on - started_on) AS BIGINT) AS days, COUNT(*) AS lendings
            FROM lendings
            WHERE status = 'returned'
            HAVING COUNT(*) > 0
            """,
            null,
            row => Average.Of(row.LongNumber("days"), row.LongNumber("lendings")),
            cancellationToken);
        return averages is [var average] ? average : null;
    }

    /// <summary>
    /// Lendings to which all that is given applies, ordered by number as text ("2024/10" before "2024/9"). Null
    /// means not given.
    /// </summary>
    /// <param name="reader">The number of the reader.</param>
    /// <param name="isbn">The book.</param>
    /// <param name="returned">Only returned ones, or only those that are not.</param>
    /// <param name="start">Started on this day or later.</param>
    /// <param name="end">Started on this day or earlier.</param>
    /// <param name="offset">How many to leave out.</param>
    /// <param name="limit">How many to return at most.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<LendingSummary>> SearchAsync(
        string? reader,
        string? isbn,
        bool? returned,
        DateOnly? start,
        DateOnly? end,
        int offset,
        int limit,
        CancellationToken cancellationToken)
    {
        var conditions = new Conditions()
            .Is("l.reader", reader)
            .Is("l.isbn", isbn)
            .Add(Returned(returned))
            .AtLeast("l.started_on", start?.DayNumber)
            .AtMost("l.started_on", end?.DayNumber);
        conditions.Parameters.AddDynamicParams(new { offset, limit });

        return await database.QueryAsync(
            $"""
            {Summaries} AND {conditions.All}
            ORDER BY l.number
            LIMIT @limit OFFSET @offset
            """,
            conditions.Parameters,
            Summary,
            cancellationToken);
    }

    // Literals: a parameter would hide from the database that the index of active lendings fits.
    internal static string? Returned(bool? returned) => returned switch
    {
        null => null,
        true => "l.status = 'returned'",
        false => "l.status = 'active'",
    };

    internal static LendingSummary Summary(DbDataReader row) => new(
        row.Text("number"),
        row.Text("isbn"),
        row.Text("title"),
        row.Text("reader"),
        row.Date("started_on"),
        row.Date("due_on"),
        row.DateOrNull("returned_on"),
        row.Number("fine_per_day_in_cents"),
        row.NumberOrNull("fine_in_cents"),
        row.TextOrNull("barcode"),
        row.Number("version"));
}
