using System.Diagnostics.Metrics;

namespace Lms.ApiFrontend.Journal;

/// <summary>What the journal of returns does, on the meter <c>lms</c>. Every instrument is there at zero from the start.</summary>
internal sealed class JournalMetrics
{
    private readonly Meter _meter;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _decided;

    public JournalMetrics(IMeterFactory meters)
    {
        _meter = meters.Create("lms");
        _accepted = _meter.CreateCounter<long>("lms.journal.accepted", "{return}", "Returns that were accepted for later.");
        _refused = _meter.CreateCounter<long>("lms.journal.refused", "{return}", "Returns that the journal could not take.");
        _decided = _meter.CreateCounter<long>(
            "lms.journal.decided", "{return}", "Returns that left the journal: outcome is applied, already-returned or review.");
        _accepted.Add(0);
        _refused.Add(0);
        foreach (var state in Enum.GetValues<DeferredState>().Where(state => state != DeferredState.Pending))
        {
            _decided.Add(0, Outcome(state));
        }
    }

    public void Accepted() => _accepted.Add(1);

    public void Refused() => _refused.Add(1);

    public void Decided(DeferredState state) => _decided.Add(1, Outcome(state));

    public void Watch(ReturnJournal journal, TimeProvider clock)
    {
        _meter.CreateObservableGauge("lms.journal.depth", () => journal.Depth, "{return}", "Returns that wait to be carried out.");
        _meter.CreateObservableGauge(
            "lms.journal.oldest.age",
            () => journal.Oldest is { } oldest ? (clock.GetUtcNow() - oldest).TotalSeconds : 0,
            "s",
            "How long the oldest of them has waited.");
    }

    private static KeyValuePair<string, object?> Outcome(DeferredState state) => new("outcome", DeferredView.TextOf(state));
}
