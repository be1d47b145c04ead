namespace Lms.ApiFrontend.Status;

/// <summary>Makes incidents of conditions that last. In memory, and only what this gateway has seen itself.</summary>
internal sealed class IncidentLog
{
    /// <summary>What is over sooner is none: a silo that is lost is replaced within less.</summary>
    public static readonly TimeSpan OpenAfter = TimeSpan.FromSeconds(5);

    /// <summary>What is well for a shorter time is not well yet.</summary>
    public static readonly TimeSpan CloseAfter = TimeSpan.FromSeconds(10);

    private const int Kept = 200;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Watched> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, Incident> _incidents = [];

    /// <summary>The newest first.</summary>
    public IReadOnlyList<Incident> Recent
    {
        get
        {
            lock (_lock)
            {
                return [.. _incidents.Values.OrderByDescending(incident => incident.StartedAt)];
            }
        }
    }

    /// <summary>True while the service of an open incident is still not well; false once it only has to stay well.</summary>
    public bool IsGoingOn(Incident incident)
    {
        lock (_lock)
        {
            return incident.EndedAt is null && _services[incident.Service].GoodSince is null;
        }
    }

    public void Observe(ConditionSnapshot snapshot)
    {
        lock (_lock)
        {
            foreach (var condition in snapshot.Services)
            {
                var before = _services.GetValueOrDefault(condition.Service, Watched.Well);
                _services[condition.Service] = condition.Health == Health.Up
                    ? Well(before, snapshot.At)
                    : Unwell(before, condition, snapshot.At);
            }
        }
    }

    private Watched Unwell(Watched before, ServiceCondition condition, DateTimeOffset now)
    {
        var seen = before with
        {
            BadSince = before.BadSince ?? now,
            GoodSince = null,
            Worst = condition.Health > before.Worst ? condition.Health : before.Worst,
            Codes = [.. before.Codes.Union(condition.Symptoms.Select(symptom => symptom.Code), StringComparer.Ordinal)],
        };
        if (seen.Incident is null && now - seen.BadSince < OpenAfter)
        {
            return seen;
        }

        var id = seen.Incident ?? Guid.NewGuid();
        Keep(new(id, condition.Service, seen.Worst, seen.Codes, seen.BadSince.Value));
        return seen with { Incident = id };
    }

    private Watched Well(Watched before, DateTimeOffset now)
    {
        if (before.Incident is not { } id)
        {
            return Watched.Well;
        }

        var goodSince = before.GoodSince ?? now;
        if (now - goodSince < CloseAfter)
        {
            return before with { GoodSince = goodSince };
        }

        Keep(_incidents[id] with { EndedAt = goodSince });
        return Watched.Well;
    }

    private void Keep(Incident incident)
    {
        _incidents[incident.Id] = incident;
        if (_incidents.Count > Kept && _incidents.Values.Where(one => one.EndedAt is not null).MinBy(one => one.StartedAt) is { } oldest)
        {
            _incidents.Remove(oldest.Id);
        }
    }

    private sealed record Watched(
        DateTimeOffset? BadSince, DateTimeOffset? GoodSince, Health Worst, IReadOnlyList<string> Codes, Guid? Incident)
    {
        public static Watched Well { get; } = new(BadSince: null, GoodSince: null, Health.Up, [], Incident: null);
    }
}
