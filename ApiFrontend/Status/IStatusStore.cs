namespace Lms.ApiFrontend.Status;

/// <summary>What the gateways of a cluster tell each other about how the library does. May be slow, away or wrong at any time.</summary>
internal interface IStatusStore
{
    /// <summary>Puts the values of this gateway's minutes in the place of older ones. Safe to repeat.</summary>
    Task WriteAsync(IReadOnlyCollection<MinuteCount> counts, CancellationToken cancellationToken);

    /// <summary>What all gateways counted after one instant and until another one, by service.</summary>
    Task<IReadOnlyDictionary<string, RequestTotals>> CountAsync(
        DateTimeOffset after, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>
    /// Says that an incident goes on. Of the gateways that see a service unwell at the same time, one opened the incident, and is
    /// answered true, however often it asks.
    /// </summary>
    Task<bool> ReportAsync(Incident incident, CancellationToken cancellationToken);

    /// <summary>Adds an incident that was over before anybody could be told. Safe to repeat.</summary>
    Task AddFinishedAsync(Incident incident, CancellationToken cancellationToken);

    /// <summary>Ends the incidents of which no gateway has said anything for so long. Each is answered to one caller only.</summary>
    Task<IReadOnlyList<Incident>> CloseSilentAsync(TimeSpan silence, CancellationToken cancellationToken);

    /// <summary>The newest incidents first.</summary>
    Task<IReadOnlyList<Incident>> RecentAsync(int count, CancellationToken cancellationToken);

    /// <summary>Forgets what is older than that.</summary>
    Task DeleteBeforeAsync(DateTimeOffset instant, CancellationToken cancellationToken);
}
