using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Imports;

/// <summary>Which imports there are; how far they are, their grains tell.</summary>
public sealed class ImportQueries(ReadModelDatabase database)
{
    /// <summary>Ids of imports, the newest first.</summary>
    public async Task<Page<string>> ListAsync(int offset, int limit, CancellationToken cancellationToken)
    {
        var ids = await database.QueryAsync(
            "SELECT id FROM imports ORDER BY queued_at DESC, id LIMIT @limit OFFSET @offset",
            new { offset, limit },
            row => row.Text("id"),
            cancellationToken);
        return new(ids, await database.CountAsync("SELECT COUNT(*) FROM imports", parameters: null, cancellationToken));
    }

    /// <summary>Names of the uploads that imports still read.</summary>
    public async Task<IReadOnlySet<string>> GetUploadsAsync(CancellationToken cancellationToken) =>
        (await database.QueryAsync(
            "SELECT upload FROM imports WHERE upload IS NOT NULL",
            parameters: null,
            row => row.Text("upload"),
            cancellationToken)).ToHashSet(StringComparer.Ordinal);
}
