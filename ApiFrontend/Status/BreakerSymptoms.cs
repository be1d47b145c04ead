using Lms.ApiFrontend.Overload;
using Lms.ApiFrontend.Resilience;
using Polly.CircuitBreaker;

namespace Lms.ApiFrontend.Status;

/// <summary>What the gateway itself refuses: calls of services whose breakers are not closed, and requests that there is no room for.</summary>
internal sealed class BreakerSymptoms(ServicePipelines pipelines, Admission admission) : IConditionSource
{
    public const string Isolated = "isolated";
    public const string Open = "breaker-open";
    public const string Shedding = "shedding";

    public IEnumerable<Symptom> Look()
    {
        var refused = pipelines.All.Where(pipeline => pipeline.State.CircuitState is CircuitState.Open or CircuitState.Isolated)
            .Select(pipeline => new Symptom(
                pipeline.Service == ServicePipelines.Shared ? RequestCounting.Library : pipeline.Service,
                Health.Degraded,
                pipeline.State.CircuitState == CircuitState.Isolated ? Isolated : Open,
                pipeline.Kind == CallKind.Read ? "The service is not asked; answers come from elsewhere." : "Changes are refused for the time being."));
        return admission.IsShedding
            ? refused.Append(new(RequestCounting.Library, Health.Degraded, Shedding, "The library is busy: what can wait is refused."))
            : refused;
    }
}
