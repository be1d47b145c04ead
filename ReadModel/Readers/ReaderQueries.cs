using Lms.ReadModel.Infrastructure;
using Lms.ReadModel.Lendings;

namespace Lms.ReadModel.Readers;

/// <summary>Readers are ordered by name, then year and sequence, unless a method says otherwise.</summary>
public sealed class ReaderQueries(ReadModelDatabase database)
{
    // A reader is made together with a user: until that has succeeded no list shows it.
    private const string Visible = "r.is_hidden = 0";

    public Task<IReadOnlyList<ReaderSummary>> AllAsync(CancellationToken cancellationToken) =>
        WhereAsync(new Conditions(), cancellationToken);

    public Task<IReadOnlyList<ReaderSummary>> ByNameAsync(string nameFolded, CancellationToken cancellationToken) =>
        WhereAsync(new Conditions().Contains("r.full_name_folded", nameFolded), cancellationToken);

    public Task<IReadOnlyList<ReaderSummary>> ByPhoneAsync(string phoneNumber, CancellationToken cancellationToken) =>
        WhereAsync(new Conditions().Is("r.phone_number", phoneNumber), cancellationToken);

    public async Task<ReaderSummary?> ByNumberAsync(string number, CancellationToken cancellationToken) =>
        await WhereAsync(new Conditions().Is("r.number", number), cancellationToken) is [var reader] ? reader : null;

    public async Task<ReaderSummary?> ByUserAsync(long userId, CancellationToken cancellationToken) =>
        await WhereAsync(new Conditions().Is("r.user_id", userId), cancellationToken) is [var reader, ..]
            ? reader
            : null;

    /// <summary>
    /// Readers whose name contains, or whose e-mail or phone number is, what is given. Null means not given; with
    /// nothing given every reader is found.
    /// </summary>
    /// <param name="nameFolded">A part of the name.</param>
    /// <param name="emailLower">The e-mail, lower case.</param>
    /// <param name="phoneNumber">The phone number.</param>
    /// <param name="offset">How many to leave out.</param>
    /// <param name="limit">How many to return at most.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<ReaderSummary>> SearchAsync(
        string? nameFolded,
        string? emailLower,
        string? phoneNumber,
        int offset,
        int limit,
        CancellationToken cancellationToken)
    {
        var conditions = new Conditions()
            .Contains("r.full_name_folded", nameFolded)
            .Is("r.username", emailLower)
            .Is("r.phone_number", phoneNumber);
        conditions.Parameters.AddDynamicParams(new { offset, limit });

        return await ListAsync(
            $"""
            SELECT r.number, 0 AS place
            FROM readers r
            WHERE {Visible} AND {conditions.Any}
            ORDER BY r.full_name_folded, r.year, r.sequence
            LIMIT @limit OFFSET @offset
            """,
            conditions.Parameters,
            cancellationToken);
    }

    /// <summary>The five readers with most lendings of all time; those with equal counts by name.</summary>
    public async Task<IReadOnlyList<ReaderLendings>> Top5Async(CancellationToken cancellationToken) =>
        Counted(await FoundAsync(
            $"""
            SELECT r.number, -lent.lendings AS place
            FROM (
                SELECT reader, COUNT(*) AS lendings
                FROM lendings
                WHERE status <> 'void'
                GROUP BY reader) lent
            JOIN readers r ON r.number = lent.reader
            WHERE {Visible}
            ORDER BY place, r.full_name_folded, r.year, r.sequence
            LIMIT 5
            """,
            null,
            cancellationToken));

    /// <summary>
    /// The five readers who borrowed most of a genre, counting lendings that started between the dates, both included.
    /// </summary>
    public async Task<IReadOnlyList<ReaderLendings>> Top5ByGenreAsync(
        string genreFolded, DateOnly start, DateOnly end, CancellationToken cancellationToken) =>
        Counted(await FoundAsync(
            $"""
            SELECT r.number, -lent.lendings AS place
            FROM (
                SELECT l.reader, COUNT(*) AS lendings
                FROM lendings l
                JOIN books b ON b.isbn = l.isbn AND b.is_hidden = 0
                WHERE l.status <> 'void' AND l.started_on BETWEEN @start AND @end AND b.genre_folded = @genreFolded
                GROUP BY l.reader) lent
            JOIN readers r ON r.number = lent.reader
            WHERE {Visible}
            ORDER BY place, r.full_name_folded, r.year, r.sequence
            LIMIT 5
            """,
            new { genreFolded, start = start.DayNumber, end = end.DayNumber },
            cancellationToken));

    /// <summary>
    /// How many lendings of the reader started in each month, both ends included; months without any are left out.
    /// </summary>
    public async Task<IReadOnlyList<MonthCount>> MonthlyAsync(
        string reader, int fromYear, int fromMonth, int toYear, int toMonth, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            """
            SELECT started_year, started_month, COUNT(*) AS lendings
            FROM lendings
            WHERE status <> 'void' AND reader = @reader AND started_on BETWEEN @from AND @to
            GROUP BY started_year, started_month
            ORDER BY started_year, started_month
            """,
            new
            {
                reader,
                from = new DateOnly(fromYear, fromMonth, 1).DayNumber,
                to = new DateOnly(toYear, toMonth, DateTime.DaysInMonth(toYear, toMonth)).DayNumber,
            },
            row => new MonthCount(
                row.Number("started_year"), row.Number("started_month"), row.LongNumber("lendings")),
            cancellationToken);

    /// <summary>The reader's lendings of one book, in the order of their numbers.</summary>
    /// <param name="reader">The number of the reader.</param>
    /// <param name="isbn">The book.</param>
    /// <param name="returned">Only returned ones, or only those that are not; null means both.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<LendingSummary>> ListLendingsAsync(
        string reader, string isbn, bool? returned, CancellationToken cancellationToken)
    {
        var conditions = new Conditions()
            .Is("l.reader", reader)
            .Is("l.isbn", isbn)
            .Add(LendingQueries.Returned(returned));
        return await database.QueryAsync(
            $"{LendingQueries.Summaries} AND {conditions.All} ORDER BY l.year, l.sequence",
            conditions.Parameters,
            LendingQueries.Summary,
            cancellationToken);
    }

    private static IReadOnlyList<ReaderLendings> Counted(List<(ReaderSummary Reader, long Place)> found) =>
        [.. found.Select(reader => new ReaderLendings(reader.Reader, -reader.Place))];

    private Task<IReadOnlyList<ReaderSummary>> WhereAsync(Conditions conditions, CancellationToken cancellationToken) =>
        ListAsync(
            $"SELECT r.number, 0 AS place FROM readers r WHERE {Visible} AND {conditions.All}",
            conditions.Parameters,
            cancellationToken);

    private async Task<IReadOnlyList<ReaderSummary>> ListAsync(
        string found, object parameters, CancellationToken cancellationToken) =>
        [.. (await FoundAsync(found, parameters, cancellationToken)).Select(reader => reader.Reader)];

    /// <summary>
    /// Readers with their interests in one query: one row for each interest of each reader. What is found has the
    /// columns number and place, and comes back by place, then name.
    /// </summary>
    private async Task<List<(ReaderSummary Reader, long Place)>> FoundAsync(
        string found, object? parameters, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync(
            $"""
            WITH found AS (
            {found})
            SELECT
                found.place, r.number, r.user_id, r.username, r.full_name, r.birth_on, r.phone_number, r.gdpr,
                r.marketing, r.third_party, r.photo, r.version, COALESCE(g.name, ri.genre_folded) AS interest
            FROM found
            JOIN readers r ON r.number = found.number
            LEFT JOIN reader_interests ri ON ri.reader = r.number
            LEFT JOIN genres g ON g.folded = ri.genre_folded
            ORDER BY found.place, r.full_name_folded, r.year, r.sequence, ri.position
            """,
            parameters,
            row => (
                Place: row.LongNumber("place"),
                Interest: row.TextOrNull("interest"),
                Reader: new ReaderSummary(
                    row.Text("number"),
                    row.LongNumber("user_id"),
                    row.Text("username"),
                    row.Text("full_name"),
                    row.Date("birth_on"),
                    row.Text("phone_number"),
                    row.Flag("gdpr"),
                    row.Flag("marketing"),
                    row.Flag("third_party"),
                    row.TextOrNull("photo"),
                    [],
                    row.Number("version"))),
            cancellationToken);

        return
        [
            .. rows.GroupBy(row => row.Reader.Number, (_, of) => of.ToList()).Select(of => (
                of[0].Reader with { Interests = [.. of.Select(row => row.Interest).OfType<string>()] },
                of[0].Place)),
        ];
    }
}
