namespace Lms.ReadModel.Infrastructure;

/// <summary>
/// Where a sweeper should look. Rows may lag behind the states, so these are hints: the grains decide what is to be
/// done.
/// </summary>
public sealed class SweepQueries(ReadModelDatabase database)
{
    /// <summary>The keys of grains with a process that is unfinished since before the instant, oldest first.</summary>
    public async Task<IReadOnlyList<string>> GetUnfinishedAsync(
        string state, DateTimeOffset before, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"""
            SELECT grain_key
            FROM {ProjectionTables.Of(state).Name}
            WHERE unfinished_since < @before
            ORDER BY unfinished_since, grain_key
            """,
            new { before = before.ToUnixTimeMilliseconds() },
            row => row.GetString(0),
            cancellationToken);

    /// <summary>
    /// Numbers of readers whose account, or a copy that is marked as theirs, disagrees with the lendings. A pending
    /// entry without its lending is in order until its deadline.
    /// </summary>
    public async Task<IReadOnlyList<string>> GetAccountsToSettleAsync(
        DateTimeOffset now, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            """
            SELECT e.reader AS reader
            FROM account_entries e
            LEFT JOIN lendings l ON l.number = e.number
            WHERE e.phase = 'undoing'
                OR l.status IN ('void', 'returned')
                OR (l.number IS NULL AND (e.phase <> 'pending' OR e.deadline < @now))
            UNION
            SELECT c.reader AS reader
            FROM copies c
            LEFT JOIN lendings l ON l.number = c.lending
            WHERE c.lending IS NOT NULL AND c.reader IS NOT NULL AND (l.number IS NULL OR l.status <> 'active')
            ORDER BY reader
            """,
            new { now = now.ToUnixTimeMilliseconds() },
            row => row.GetString(0),
            cancellationToken);

    /// <summary>Copies that are marked as with a lending that is over, or that has another copy.</summary>
    public async Task<IReadOnlyList<(string Barcode, string Lending)>> GetCopiesToReleaseAsync(
        CancellationToken cancellationToken) =>
        await database.QueryAsync(
            """
            SELECT c.barcode AS barcode, c.lending AS lending
            FROM copies c
            JOIN lendings l ON l.number = c.lending
            WHERE l.status <> 'active' OR l.barcode IS NULL OR l.barcode <> c.barcode
            ORDER BY c.barcode
            """,
            parameters: null,
            row => (row.Text("barcode"), row.Text("lending")),
            cancellationToken);

    /// <summary>The SHA-256 of every photo that something refers to.</summary>
    public async Task<IReadOnlySet<string>> GetPhotosAsync(CancellationToken cancellationToken) =>
        (await database.QueryAsync(
            """
            SELECT photo FROM authors WHERE photo IS NOT NULL
            UNION
            SELECT photo FROM books WHERE photo IS NOT NULL
            UNION
            SELECT photo FROM readers WHERE photo IS NOT NULL
            """,
            parameters: null,
            row => row.GetString(0),
            cancellationToken)).ToHashSet(StringComparer.Ordinal);
}
