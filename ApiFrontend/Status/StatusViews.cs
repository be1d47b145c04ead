using Lms.ApiFrontend.Maintenance;

namespace Lms.ApiFrontend.Status;

/// <summary>How the library does, as this gateway sees it.</summary>
/// <param name="Status">up, degraded or down: of the whole library.</param>
/// <param name="Version">Of this gateway.</param>
/// <param name="Time">Of this answer.</param>
/// <param name="CheckedAt">When it was last looked how the services are.</param>
/// <param name="Services">How each service is.</param>
/// <param name="DegradedModes">What clients have to do without now.</param>
/// <param name="Maintenance">What is announced; null when nothing is.</param>
/// <param name="Incidents">The last ones, the newest first.</param>
/// <param name="Availability">Of the last hour, day and month.</param>
/// <param name="Calls">What this gateway does about the calls that answers are made of.</param>
internal sealed record StatusView(
    string Status,
    string Version,
    DateTimeOffset Time,
    DateTimeOffset CheckedAt,
    IReadOnlyList<ServiceStatusView> Services,
    IReadOnlyList<DegradedModeView> DegradedModes,
    MaintenanceView? Maintenance,
    IReadOnlyList<IncidentView> Incidents,
    AvailabilityView Availability,
    IReadOnlyList<CallsView> Calls)
{
    public static string NameOf(Health health) => health switch
    {
        Health.Up => "up",
        Health.Degraded => "degraded",
        _ => "down",
    };
}

/// <param name="Name">Of the service.</param>
/// <param name="Status">up, degraded or down.</param>
/// <param name="Since">When that began.</param>
internal sealed record ServiceStatusView(string Name, string Status, DateTimeOffset Since);

/// <summary>The calls of a service; counts are of this gateway since it started.</summary>
/// <param name="Service">Whose grains, or read-model and read-model-replica: whose tables.</param>
/// <param name="Reads">The breaker of reads: closed, open, half-open or isolated.</param>
/// <param name="Writes">The breaker of writes; null when there is none.</param>
/// <param name="Calls">Retries not counted.</param>
/// <param name="Retries">Calls that were repeated.</param>
/// <param name="Hedges">Reads for which the read model was asked as well.</param>
/// <param name="Rejections">Calls that were not made: a breaker was open, or there were too many.</param>
/// <param name="Fallbacks">Reads that another source answered.</param>
internal sealed record CallsView(
    string Service, string? Reads, string? Writes, long Calls, long Retries, long Hedges, long Rejections, long Fallbacks);

/// <param name="Service">Whose answers are less than usual.</param>
/// <param name="Code">For programs; never changes.</param>
/// <param name="Text">For people.</param>
internal sealed record DegradedModeView(string Service, string Code, string Text);

/// <param name="Service">Whose.</param>
/// <param name="Worst">degraded or down.</param>
/// <param name="Codes">Of what was not well.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">Null while it goes on.</param>
internal sealed record IncidentView(
    string Service, string Worst, IReadOnlyList<string> Codes, DateTimeOffset StartedAt, DateTimeOffset? EndedAt)
{
    public static IncidentView From(Incident incident) =>
        new(incident.Service, StatusView.NameOf(incident.Worst), incident.Codes, incident.StartedAt, incident.EndedAt);
}

/// <param name="Source">all-gateways, or this-gateway: since its start, while the others are silent.</param>
/// <param name="Windows">The last hour, day and 30 days.</param>
internal sealed record AvailabilityView(string Source, IReadOnlyList<WindowView> Windows);

/// <param name="Window">1h, 24h or 30d.</param>
/// <param name="At">When it was counted.</param>
/// <param name="Library">All requests.</param>
/// <param name="Services">Those of each service that was asked for anything.</param>
internal sealed record WindowView(
    string Window, DateTimeOffset At, ShareView Library, IReadOnlyDictionary<string, ShareView> Services);

/// <summary>Shares of the requests that were valid; null when there was none.</summary>
/// <param name="Available">Answered, in full or less.</param>
/// <param name="AnsweredInFull">As ever.</param>
/// <param name="AnsweredDegraded">Older, from another source, or later.</param>
/// <param name="Full">How many.</param>
/// <param name="Degraded">How many.</param>
/// <param name="Failed">How many.</param>
/// <param name="Announced">How many were refused because of maintenance. They count as nothing else.</param>
internal sealed record ShareView(
    double? Available, double? AnsweredInFull, double? AnsweredDegraded, long Full, long Degraded, long Failed, long Announced)
{
    public static ShareView Of(RequestTotals totals) => new(
        Share(totals.Full + totals.Degraded, totals),
        Share(totals.Full, totals),
        Share(totals.Degraded, totals),
        totals.Full,
        totals.Degraded,
        totals.Failed,
        totals.Announced);

    private static double? Share(long part, RequestTotals totals) => totals.Valid == 0 ? null : (double)part / totals.Valid;
}
