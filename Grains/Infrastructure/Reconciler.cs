using System.Diagnostics.Metrics;
using Lms.ReadModel.Infrastructure;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Lms.Grains.Infrastructure;

/// <summary>Compares what is stored with what the read model shows, and repairs what lags.</summary>
/// <remarks>Covers a silo that died between the two writes, and is how the read model is built from nothing.</remarks>
internal sealed partial class Reconciler
{
    private const int Batch = 200;

    private readonly IStoredStates _stored;
    private readonly ReadModelVersions _versions;
    private readonly ReadModelWriter _writer;
    private readonly IGrainStorageSerializer _serializer;
    private readonly ILogger<Reconciler> _logger;
    private readonly Counter<long> _repaired;
    private long _lagging;

    public Reconciler(
        IStoredStates stored,
        ReadModelVersions versions,
        ReadModelWriter writer,
        IGrainStorageSerializer serializer,
        IMeterFactory meters,
        ILogger<Reconciler> logger)
    {
        (_stored, _versions, _writer, _serializer, _logger) = (stored, versions, writer, serializer, logger);
        var meter = meters.Create("lms");
        _repaired = meter.CreateCounter<long>("lms.projection.repaired", "{row}", "Rows the reconciler brought up to date.");
        _repaired.Add(0);
        meter.CreateObservableGauge(
            "lms.projection.lagging", () => Volatile.Read(ref _lagging), "{row}", "Rows that lagged at the last comparison.");
    }

    /// <summary>Repairs every lagging row; answers how many there were.</summary>
    public async Task<int> ReconcileAsync(CancellationToken cancellationToken)
    {
        var repaired = 0;
        foreach (var state in ProjectedState.All)
        {
            repaired += await ReconcileAsync(state, cancellationToken);
        }

        Volatile.Write(ref _lagging, repaired);
        if (repaired > 0)
        {
            _repaired.Add(repaired);
            LogRepaired(repaired);
        }

        return repaired;
    }

    private async Task<int> ReconcileAsync(ProjectedState state, CancellationToken cancellationToken)
    {
        var shown = await _versions.GetAsync(state.Name, cancellationToken);
        var schema = ReadModelVersions.CurrentSchema(state.Name);
        var stored = await _stored.GetVersionsAsync(state.Name, cancellationToken);
        var lagging = stored.Where(row => !shown.TryGetValue(row.Key, out var version)
            || version.Schema < schema
            || version.RowVersion < row.Version);
        var repaired = 0;
        foreach (var chunk in lagging.Chunk(Batch))
        {
            var rows = new List<Projection>(chunk.Length);
            foreach (var row in chunk)
            {
                if (await _stored.FindAsync(state.Name, row.Key, cancellationToken) is { } payload
                    && state.Project(row.Key, payload, _serializer) is { } projection)
                {
                    rows.Add(projection);
                }
            }

            await _writer.ApplyAsync(rows, cancellationToken);
            repaired += rows.Count;
        }

        return repaired;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Rows} rows of the read model were brought up to date")]
    private partial void LogRepaired(int rows);
}
