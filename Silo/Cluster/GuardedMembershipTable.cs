namespace Lms.Silo.Cluster;

/// <summary>
/// The membership table, which nobody enters while it is empty and silos live: they have lost it, and whoever entered would
/// found a second cluster on the same database.
/// </summary>
internal sealed class GuardedMembershipTable(IMembershipTable table, SiloStamps stamps) : IMembershipTable
{
    /// <summary>A silo gives a sign of life every five seconds; this is long enough to miss several.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    public Task InitializeMembershipTable(bool tryInitTableVersion) =>
        table.InitializeMembershipTableAsync(tryInitTableVersion, CancellationToken.None);

    public Task DeleteMembershipTableEntries(string clusterId) =>
        table.DeleteMembershipTableEntriesAsync(clusterId, CancellationToken.None);

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) =>
        table.CleanupDefunctSiloEntriesAsync(beforeDate, CancellationToken.None);

    public Task<MembershipTableData> ReadRow(SiloAddress key) => table.ReadRowAsync(key, CancellationToken.None);

    public Task<MembershipTableData> ReadAll() => table.ReadAllAsync(CancellationToken.None);

    public async Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion)
    {
        // A database that does not answer is no answer either: then this throws, and the start is tried again.
        if ((await ReadAll()).Members.Count == 0
            && await stamps.GetYoungerThanAsync(Silence, CancellationToken.None) is [var alive, ..])
        {
            throw new MembershipTableLostException(alive);
        }

        return await table.InsertRowAsync(entry, tableVersion, CancellationToken.None);
    }

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
        table.UpdateRowAsync(entry, etag, tableVersion, CancellationToken.None);

    public Task UpdateIAmAlive(MembershipEntry entry) => table.UpdateIAmAliveAsync(entry, CancellationToken.None);
}

/// <summary>The table is empty although a silo gave a sign of life a moment ago.</summary>
internal sealed class MembershipTableLostException(string alive)
    : Exception($"The membership table is empty, but the silo {alive} lives: waiting until it is back, or silent for {GuardedMembershipTable.Silence.TotalSeconds:0} s.");
