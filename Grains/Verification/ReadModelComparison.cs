using System.Text.Json;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Infrastructure;
using Orleans.Storage;

namespace Lms.Grains.Verification;

/// <summary>Rows of the read model against the states that they are made from, version by version.</summary>
internal sealed class ReadModelComparison(IStoredStates stored, ReadModelVersions versions, IGrainStorageSerializer serializer)
{
    public async Task<(int Rows, IReadOnlyList<Finding> Findings)> CompareAsync(CancellationToken cancellationToken)
    {
        var (rows, findings) = (0, new List<Finding>());
        foreach (var state in ProjectedState.All)
        {
            // Rows first: a state may be ahead of its row for a moment, never the other way round.
            var shown = await versions.GetAsync(state.Name, cancellationToken);
            var there = await stored.GetVersionsAsync(state.Name, cancellationToken);
            findings.AddRange(Compare(shown, there, ReadModelVersions.CurrentSchema(state.Name)));
            foreach (var row in there.Where(row => !shown.ContainsKey(row.Key)))
            {
                if (await stored.FindAsync(state.Name, row.Key, cancellationToken) is { } payload
                    && IsShown(state, row.Key, payload))
                {
                    findings.Add(new(row.Key, "is not in the read model", row.WrittenAt, new Mend.Refill()));
                }
            }

            rows += shown.Count;
        }

        return (rows, findings);
    }

    // Not every state has something to show. Of one that cannot be read nobody knows.
    private bool IsShown(ProjectedState state, string key, StoredState payload)
    {
        try
        {
            return state.Project(key, payload, serializer) is not null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or NotSupportedException)
        {
            return true;
        }
    }

    /// <summary>What is wrong with the rows that are there. Pure.</summary>
    internal static IEnumerable<Finding> Compare(
        IReadOnlyDictionary<string, ProjectionVersion> shown, IReadOnlyList<StoredVersion> stored, int schema)
    {
        var states = stored.ToDictionary(row => row.Key, StringComparer.Ordinal);
        foreach (var (key, row) in shown.OrderBy(row => row.Key, StringComparer.Ordinal))
        {
            if (!states.TryGetValue(key, out var state))
            {
                yield return new(key, "is in the read model and nowhere else", default, new Mend.Rebuild());
            }
            else if (row.RowVersion > state.Version)
            {
                yield return new(key, $"has version {state.Version}, and {row.RowVersion} in the read model", state.WrittenAt, new Mend.Rebuild());
            }
            else if (row.RowVersion < state.Version || row.Schema < schema)
            {
                yield return new(
                    key,
                    row.RowVersion < state.Version
                        ? $"has version {state.Version}, and {row.RowVersion} in the read model"
                        : $"is shown as schema {row.Schema} had it, not {schema}",
                    state.WrittenAt,
                    new Mend.Refill());
            }
        }
    }
}
