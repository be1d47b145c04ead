namespace Lms.ApiFrontend.Status;

/// <summary>What the gateways told each other, as this one was told last. Reading it never waits.</summary>
internal sealed class SharedStatus(TimeProvider clock)
{
    /// <summary>After so long without an answer the others are taken to be silent.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(30);

    private volatile Known _known = new(AnsweredAt: null, new Dictionary<string, CountedWindow>(StringComparer.Ordinal), []);

    /// <summary>True while the database answers; false in a library that has none.</summary>
    public bool IsAnswering => _known.AnsweredAt is { } at && clock.GetUtcNow() - at < s_silence;

    /// <summary>As last told; the newest first.</summary>
    public IReadOnlyList<Incident> Incidents => _known.Incidents;

    /// <summary>What all gateways have counted within a window; null until somebody told.</summary>
    public CountedWindow? Of(string window) => _known.Windows.GetValueOrDefault(window);

    /// <summary>For one caller at a time.</summary>
    public void Learn(IReadOnlyDictionary<string, CountedWindow> windows, IReadOnlyList<Incident> incidents) =>
        _known = new(clock.GetUtcNow(), windows, incidents);

    private sealed record Known(
        DateTimeOffset? AnsweredAt, IReadOnlyDictionary<string, CountedWindow> Windows, IReadOnlyList<Incident> Incidents);
}

/// <summary>What was counted within a window, and when it was asked.</summary>
internal sealed record CountedWindow(IReadOnlyDictionary<string, RequestTotals> Services, DateTimeOffset At);

/// <summary>A time that availability is told for.</summary>
/// <param name="Name">As people and programs read it.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Refresh">
/// How often the database is asked for what is older than the shorter windows: the longer it is, the dearer and the less it changes.
/// </param>
internal sealed record Window(string Name, TimeSpan Length, TimeSpan Refresh)
{
    public static IReadOnlyList<Window> All { get; } =
    [
        new("1h", TimeSpan.FromHours(1), TimeSpan.FromSeconds(10)),
        new("24h", TimeSpan.FromHours(24), TimeSpan.FromMinutes(1)),
        new("30d", TimeSpan.FromDays(30), TimeSpan.FromMinutes(10)),
    ];
}
