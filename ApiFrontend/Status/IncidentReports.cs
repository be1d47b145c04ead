using System.Collections.Concurrent;
using Lms.ApiFrontend.Alarms;

namespace Lms.ApiFrontend.Status;

/// <summary>
/// Tells the other gateways of incidents, and raises an alarm for each: where the database answers one for all gateways, else one
/// for each gateway.
/// </summary>
internal sealed class IncidentReports(IncidentLog log, AlarmBell alarms)
{
    /// <summary>An incident that no gateway mentions for so long has ended. Longer than two reports take.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<Guid, Progress> _progress = new();

    /// <summary>True when the table has the incident, by whatever gateway's hand.</summary>
    public bool IsShared(Incident incident) => _progress.GetValueOrDefault(incident.Id) is { IsShared: true };

    /// <summary>Without others to tell, or while they cannot be told.</summary>
    public void RaiseAlone()
    {
        foreach (var (incident, progress) in Unsettled())
        {
            _progress[incident.Id] = Alone(incident, progress);
        }
    }

    /// <summary>Throws what the store throws; <see cref="RaiseAlone"/> then does the rest.</summary>
    public async Task ShareAsync(IStatusStore store, CancellationToken cancellationToken)
    {
        foreach (var (incident, progress) in Unsettled())
        {
            _progress[incident.Id] = await ShareAsync(incident, progress, store, cancellationToken);
        }

        foreach (var ended in await store.CloseSilentAsync(Silence, cancellationToken))
        {
            alarms.Raise(new(AlarmEvent.Closed, ended));
        }
    }

    private async Task<Progress> ShareAsync(
        Incident incident, Progress progress, IStatusStore store, CancellationToken cancellationToken)
    {
        if (log.IsGoingOn(incident))
        {
            var isOurs = await store.ReportAsync(incident, cancellationToken);
            if (isOurs && !progress.IsDecided)
            {
                alarms.Raise(new(AlarmEvent.Opened, incident));
            }

            return progress with { IsDecided = true, IsShared = true };
        }

        if (incident.EndedAt is null)
        {
            return progress; // it has to stay well for a while; the row ends when nobody mentions it
        }

        if (!progress.IsShared)
        {
            _progress[incident.Id] = progress = Alone(incident, progress); // whatever becomes of the write
            await store.AddFinishedAsync(incident, cancellationToken);
        }

        return progress with { IsSettled = true, IsShared = true };
    }

    // What is shared ends with its row, whose end is alarmed by whoever ends it.
    private Progress Alone(Incident incident, Progress progress)
    {
        if (!progress.IsDecided)
        {
            alarms.Raise(new(AlarmEvent.Opened, incident with { EndedAt = null }));
            progress = progress with { IsDecided = true };
        }

        if (incident.EndedAt is not null && progress is { IsShared: false, IsClosed: false })
        {
            alarms.Raise(new(AlarmEvent.Closed, incident));
            progress = progress with { IsClosed = true };
        }

        return progress;
    }

    private List<(Incident Incident, Progress Progress)> Unsettled()
    {
        var recent = log.Recent;
        foreach (var forgotten in _progress.Keys.Except(recent.Select(incident => incident.Id)).ToList())
        {
            _progress.TryRemove(forgotten, out _);
        }

        return
        [
            .. recent.Reverse().Select(incident => (Incident: incident, Progress: _progress.GetValueOrDefault(incident.Id, Progress.None)))
                .Where(pair => !pair.Progress.IsSettled),
        ];
    }

    /// <param name="IsDecided">The alarm of its beginning is raised, or somebody else's.</param>
    /// <param name="IsShared">The table has it.</param>
    /// <param name="IsClosed">The alarm of its end is raised by this gateway for itself.</param>
    /// <param name="IsSettled">There is nothing left to do.</param>
    private sealed record Progress(bool IsDecided, bool IsShared, bool IsClosed, bool IsSettled)
    {
        public static Progress None { get; } = new(IsDecided: false, IsShared: false, IsClosed: false, IsSettled: false);
    }
}
