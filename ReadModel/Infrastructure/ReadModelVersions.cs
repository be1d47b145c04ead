using System.Runtime.InteropServices;

namespace Lms.ReadModel.Infrastructure;

/// <summary>What a projected row was made from, and by which projection.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ProjectionVersion(long RowVersion, int Schema);

/// <summary>For the reconciler, which compares these with the versions of the stored states.</summary>
public sealed class ReadModelVersions(ReadModelDatabase database)
{
    /// <summary>The names of all states that have a projection.</summary>
    public static IReadOnlyList<string> States { get; } = [.. ProjectionTables.All.Select(table => table.State)];

    /// <summary>The schema that rows of this state are written with today; a lower one lags.</summary>
    public static int CurrentSchema(string state) => ProjectionTables.Of(state).Schema;

    /// <summary>The version of every row of this state, by grain key.</summary>
    public async Task<IReadOnlyDictionary<string, ProjectionVersion>> GetAsync(
        string state, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync(
            $"SELECT grain_key, row_version, projection_schema FROM {ProjectionTables.Of(state).Name}",
            null,
            row => KeyValuePair.Create(row.GetString(0), new ProjectionVersion(row.GetInt64(1), row.GetInt32(2))),
            cancellationToken);
        return rows.ToDictionary(StringComparer.Ordinal);
    }
}
