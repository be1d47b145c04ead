using System.Reflection;
using Lms.ApiFrontend.Maintenance;
using Lms.ApiFrontend.Resilience;

namespace Lms.ApiFrontend.Status;

/// <summary>Puts together what this process has in memory. It waits for nobody, so that it answers when everything else is gone.</summary>
internal sealed class StatusReport(
    IServiceConditions conditions,
    IncidentLog incidents,
    IncidentReports reports,
    SharedStatus shared,
    RequestCounts counts,
    MaintenanceWatch maintenance,
    ResilienceMetrics resilience,
    TimeProvider clock)
{
    /// <summary>So many are shown.</summary>
    public const int Incidents = 20;

    private static readonly string s_version =
        typeof(StatusReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    public StatusView Now()
    {
        var (now, seen) = (clock.GetUtcNow(), conditions.Current);
        return new(
            StatusView.NameOf(Overall(seen.Services)),
            s_version,
            now,
            seen.At,
            [.. seen.Services.Select(service => new ServiceStatusView(service.Service, StatusView.NameOf(service.Health), service.Since))],
            [.. seen.Services.SelectMany(service => service.Symptoms).Select(symptom => new DegradedModeView(symptom.Service, symptom.Code, symptom.Text))],
            maintenance.IsOn ? MaintenanceView.From(maintenance.Current, now) : null,
            [.. Recent().Take(Incidents).Select(IncidentView.From)],
            Availability(now),
            [.. Calls()]);
    }

    // One service that is down is not the library.
    private static Health Overall(IReadOnlyList<ServiceCondition> services) =>
        services.All(service => service.Health == Health.Up) ? Health.Up
        : services.All(service => service.Health == Health.Down || service.Service == RequestCounting.Library) ? Health.Down
        : Health.Degraded;

    private IEnumerable<Incident> Recent() => shared.Incidents
        .Concat(incidents.Recent.Where(incident => !reports.IsShared(incident)))
        .DistinctBy(incident => incident.Id)
        .OrderByDescending(incident => incident.StartedAt);

    private IEnumerable<CallsView> Calls()
    {
        var breakers = resilience.Breakers.ToLookup(breaker => (breaker.Service, breaker.Kind), breaker => BreakerView.NameOf(breaker.State));
        return resilience.Totals.OrderBy(service => service.Key, StringComparer.Ordinal).Select(service => new CallsView(
            service.Key,
            breakers[(service.Key, CallKind.Read)].FirstOrDefault(),
            breakers[(service.Key, CallKind.Write)].FirstOrDefault(),
            service.Value.Calls,
            service.Value.Retries,
            service.Value.Hedges,
            service.Value.Rejections,
            service.Value.Fallbacks));
    }

    private AvailabilityView Availability(DateTimeOffset now)
    {
        var isAnswering = shared.IsAnswering;
        return new(
            isAnswering ? "all-gateways" : "this-gateway",
            [.. Window.All.Select(window => isAnswering && shared.Of(window.Name) is { } known
                ? Of(window, known.Services, known.At)
                : Of(window, counts.Within(window.Length), now))]);
    }

    private static WindowView Of(Window window, IReadOnlyDictionary<string, RequestTotals> services, DateTimeOffset at) => new(
        window.Name,
        at,
        ShareView.Of(services.Values.Aggregate(default(RequestTotals), (sum, totals) => sum + totals)),
        services.OrderBy(service => service.Key, StringComparer.Ordinal)
            .ToDictionary(service => service.Key, service => ShareView.Of(service.Value), StringComparer.Ordinal));
}
