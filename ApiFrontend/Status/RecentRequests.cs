using Lms.ApiFrontend.Http;

namespace Lms.ApiFrontend.Status;

/// <summary>Tells from how the requests of the last half minute ended how the services are.</summary>
internal sealed class RecentRequests(TimeProvider clock) : IConditionSource
{
    /// <summary>Accepted, and not yet recorded.</summary>
    public const string Deferred = "deferred";

    public const string Failing = "requests-failing";

    private const int Seconds = 30;

    /// <summary>Fewer requests than these do not make a service down.</summary>
    private const int Few = 5;

    /// <summary>More than this share of failures is no accident.</summary>
    private const double Share = 0.05;

    private readonly long _start = clock.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Recent> _services =
        RequestCounting.Services.ToDictionary(service => service, _ => new Recent(), StringComparer.Ordinal);

    /// <param name="service">Whom the request was for.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="reasons">Why it is degraded, separated by commas; empty when it is not.</param>
    public void Add(string service, RequestOutcome outcome, string reasons = "")
    {
        lock (_lock)
        {
            var (recent, now) = (_services[service], Now);
            ref var slot = ref recent.Slots[now % Seconds];
            slot = slot.Second == now ? slot with { Totals = slot.Totals.With(outcome) } : new(now, default(RequestTotals).With(outcome));
            foreach (var reason in reasons.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                recent.Reasons[reason] = now;
            }
        }
    }

    public IEnumerable<Symptom> Look()
    {
        lock (_lock)
        {
            var oldest = Now - Seconds + 1;
            return [.. _services.SelectMany(service => Look(service.Key, service.Value, oldest))];
        }
    }

    private static IEnumerable<Symptom> Look(string service, Recent recent, long oldest)
    {
        var totals = recent.Slots.Where(slot => slot.Second >= oldest).Aggregate(default(RequestTotals), (sum, slot) => sum + slot.Totals);
        if (totals.Valid >= Few && totals.Failed * 2 > totals.Valid)
        {
            yield return new(service, Health.Down, Failing, "Most requests fail.");
        }
        else if (totals.Failed > totals.Valid * Share)
        {
            yield return new(service, Health.Degraded, Failing, "Some requests fail.");
        }

        if (totals.Degraded > 0)
        {
            foreach (var reason in recent.Reasons.Where(reason => reason.Value >= oldest).Select(reason => reason.Key))
            {
                yield return new(service, Health.Degraded, reason, Sentence(reason));
            }
        }
    }

    private static string Sentence(string reason) => reason switch
    {
        Degradation.Stale => "Some answers are what was known last.",
        Degradation.ReadModel => "Some answers come from lists, which may lag a little.",
        Degradation.Replica => "Some answers come from a copy of the database, which may lag a little.",
        Deferred => "Returns are accepted, and recorded later.",
        _ => "Some answers are less than usual.",
    };

    private long Now => (long)clock.GetElapsedTime(_start).TotalSeconds;

    private sealed class Recent
    {
        public Slot[] Slots { get; } = [.. Enumerable.Repeat(new Slot(long.MinValue, default), Seconds)];

        /// <summary>When each reason was met last. There are as many as the gateway has words for.</summary>
        public Dictionary<string, long> Reasons { get; } = new(StringComparer.Ordinal);
    }

    private readonly record struct Slot(long Second, RequestTotals Totals);
}
