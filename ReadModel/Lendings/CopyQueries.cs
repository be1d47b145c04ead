using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Lendings;

/// <summary>A copy and, while it is lent, by which lending and to whom.</summary>
public sealed record CopySummary(
    string Barcode, string Isbn, string? Branch, string? ShelfMark, string? Lending, string? Reader, int Version);

public sealed class CopyQueries(ReadModelDatabase database)
{
    /// <summary>The copies of a book that are not withdrawn, by barcode.</summary>
    public async Task<Page<CopySummary>> OfBookAsync(
        string isbn, int offset, int limit, CancellationToken cancellationToken) => new(
        await database.QueryAsync(
            """
            SELECT barcode, isbn, branch, shelf_mark, lending, reader, version
            FROM copies
            WHERE isbn = @isbn AND withdrawn = 0
            ORDER BY barcode
            LIMIT @limit OFFSET @offset
            """,
            new { isbn, offset, limit },
            row => new CopySummary(
                row.Text("barcode"),
                row.Text("isbn"),
                row.TextOrNull("branch"),
                row.TextOrNull("shelf_mark"),
                row.TextOrNull("lending"),
                row.TextOrNull("reader"),
                row.Number("version")),
            cancellationToken),
        await database.CountAsync(
            "SELECT COUNT(*) FROM copies WHERE isbn = @isbn AND withdrawn = 0", new { isbn }, cancellationToken));
}
