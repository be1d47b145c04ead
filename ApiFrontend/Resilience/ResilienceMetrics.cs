using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;

namespace Lms.ApiFrontend.Resilience;

/// <summary>What the pipelines do, on the meter <c>lms</c>. Every instrument is there at zero from the start.</summary>
internal sealed class ResilienceMetrics
{
    private readonly Counter<long> _calls;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _rejections;
    private readonly Counter<long> _opened;
    private readonly Counter<long> _hedges;
    private readonly Counter<long> _fallbacks;
    private readonly ConcurrentQueue<(CircuitBreakerStateProvider State, KeyValuePair<string, object?>[] Tags)> _breakers = new();

    public ResilienceMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("lms");
        _calls = meter.CreateCounter<long>("lms.gateway.calls", "{call}", "Calls to grains and queries of the read model, retries not counted.");
        _retries = meter.CreateCounter<long>("lms.gateway.retries", "{call}", "Calls to grains that were repeated.");
        _rejections = meter.CreateCounter<long>(
            "lms.gateway.rejections", "{call}", "Calls that the gateway did not make: reason is breaker or limit.");
        _opened = meter.CreateCounter<long>("lms.gateway.breaker.opened", "{time}", "Times a breaker opened.");
        _hedges = meter.CreateCounter<long>("lms.gateway.hedges", "{read}", "Reads for which the read model was asked as well.");
        _fallbacks = meter.CreateCounter<long>(
            "lms.gateway.fallbacks", "{read}", "Reads that were answered by another source: read-model, replica or stale.");
        meter.CreateObservableGauge(
            "lms.gateway.breaker.state",
            () => _breakers.Select(breaker => new Measurement<int>((int)breaker.State.CircuitState, breaker.Tags)),
            description: "0 closed, 1 open, 2 half open, 3 isolated by hand.");
    }

    /// <summary>What is counted for one pipeline.</summary>
    /// <param name="service">Whose it is.</param>
    /// <param name="kind">Reads or writes.</param>
    /// <param name="state">Of its breaker.</param>
    /// <param name="fallbacks">Sources that may answer instead of the service.</param>
    public Watch Of(string service, CallKind kind, CircuitBreakerStateProvider state, params ReadOnlySpan<string> fallbacks)
    {
        KeyValuePair<string, object?>[] tags = [new("service", service), new("kind", kind == CallKind.Read ? "read" : "write")];
        _breakers.Enqueue((state, tags));
        _calls.Add(0, tags);
        _retries.Add(0, tags);
        _opened.Add(0, tags);
        _hedges.Add(0, tags[0]);
        foreach (var source in fallbacks)
        {
            _fallbacks.Add(0, tags[0], new("source", source));
        }

        _rejections.Add(0, [.. tags, Reason("breaker")]);
        _rejections.Add(0, [.. tags, Reason("limit")]);
        return new(this, tags);
    }

    /// <summary>The read model was asked as well as the grain.</summary>
    public void Hedged(string service) => _hedges.Add(1, new KeyValuePair<string, object?>("service", service));

    /// <summary>A read was answered by somebody else than the grain.</summary>
    public void FellBack(string service, string source) => _fallbacks.Add(1, new("service", service), new("source", source));

    private static KeyValuePair<string, object?> Reason(string reason) => new("reason", reason);

    /// <summary>What one pipeline does.</summary>
    internal sealed class Watch(ResilienceMetrics metrics, KeyValuePair<string, object?>[] tags)
    {
        private readonly KeyValuePair<string, object?>[] _byBreaker = [.. tags, Reason("breaker")];
        private readonly KeyValuePair<string, object?>[] _byLimit = [.. tags, Reason("limit")];

        public void Called() => metrics._calls.Add(1, tags);

        public void Rejected(ExecutionRejectedException rejection)
        {
            if (rejection is BrokenCircuitException)
            {
                metrics._rejections.Add(1, _byBreaker);
            }
            else if (rejection is RateLimiterRejectedException)
            {
                metrics._rejections.Add(1, _byLimit);
            }
        }

        public ValueTask Retried()
        {
            metrics._retries.Add(1, tags);
            return ValueTask.CompletedTask;
        }

        public ValueTask Opened()
        {
            metrics._opened.Add(1, tags);
            return ValueTask.CompletedTask;
        }
    }
}
