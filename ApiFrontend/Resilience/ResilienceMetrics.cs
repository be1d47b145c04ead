using System.Collections.Concurrent;
using System.Diagnostics;
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
    private readonly ConcurrentQueue<Breaker> _breakers = new();
    private readonly ConcurrentDictionary<string, CallTotals> _totals = new(StringComparer.Ordinal);

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

    /// <summary>All breakers, by whose calls they let through.</summary>
    public IEnumerable<(string Service, CallKind Kind, CircuitState State)> Breakers =>
        _breakers.Select(breaker => (breaker.Service, breaker.Kind, breaker.State.CircuitState));

    /// <summary>What became of the calls of each service since this gateway started.</summary>
    public IReadOnlyDictionary<string, CallTotals> Totals => _totals;

    /// <summary>What is counted for one pipeline.</summary>
    /// <param name="service">Whose it is.</param>
    /// <param name="kind">Reads or writes.</param>
    /// <param name="state">Of its breaker.</param>
    /// <param name="fallbacks">Sources that may answer instead of the service.</param>
    public Watch Of(string service, CallKind kind, CircuitBreakerStateProvider state, params ReadOnlySpan<string> fallbacks)
    {
        KeyValuePair<string, object?>[] tags = [new("service", service), new("kind", kind == CallKind.Read ? "read" : "write")];
        _breakers.Enqueue(new(service, kind, state, tags));
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
        return new(this, TotalsOf(service), tags);
    }

    /// <summary>The read model was asked as well as the grain.</summary>
    public void Hedged(string service)
    {
        _hedges.Add(1, new KeyValuePair<string, object?>("service", service));
        TotalsOf(service).Hedged();
    }

    /// <summary>A read was answered by somebody else than the grain.</summary>
    public void FellBack(string service, string source)
    {
        _fallbacks.Add(1, new("service", service), new("source", source));
        TotalsOf(service).FellBack();
    }

    private CallTotals TotalsOf(string service) => _totals.GetOrAdd(service, static _ => new());

    private static KeyValuePair<string, object?> Reason(string reason) => new("reason", reason);

    /// <summary>What one pipeline does.</summary>
    internal sealed class Watch(ResilienceMetrics metrics, CallTotals totals, KeyValuePair<string, object?>[] tags)
    {
        private readonly KeyValuePair<string, object?>[] _byBreaker = [.. tags, Reason("breaker")];
        private readonly KeyValuePair<string, object?>[] _byLimit = [.. tags, Reason("limit")];

        public void Called()
        {
            metrics._calls.Add(1, tags);
            totals.Called();
        }

        public void Rejected(ExecutionRejectedException rejection)
        {
            if (rejection is not (BrokenCircuitException or RateLimiterRejectedException))
            {
                return;
            }

            metrics._rejections.Add(1, rejection is BrokenCircuitException ? _byBreaker : _byLimit);
            totals.Rejected();
        }

        public ValueTask Retried()
        {
            metrics._retries.Add(1, tags);
            totals.Retried();
            Activity.Current?.AddEvent(new("retry"));
            return ValueTask.CompletedTask;
        }

        public ValueTask Opened()
        {
            metrics._opened.Add(1, tags);
            return ValueTask.CompletedTask;
        }
    }

    private sealed record Breaker(
        string Service, CallKind Kind, CircuitBreakerStateProvider State, KeyValuePair<string, object?>[] Tags);
}

/// <summary>What became of the calls of one service. Counts only grow.</summary>
internal sealed class CallTotals
{
    private long _calls;
    private long _retries;
    private long _hedges;
    private long _rejections;
    private long _fallbacks;

    public long Calls => Volatile.Read(ref _calls);

    public long Retries => Volatile.Read(ref _retries);

    public long Hedges => Volatile.Read(ref _hedges);

    public long Rejections => Volatile.Read(ref _rejections);

    public long Fallbacks => Volatile.Read(ref _fallbacks);

    public void Called() => Interlocked.Increment(ref _calls);

    public void Retried() => Interlocked.Increment(ref _retries);

    public void Hedged() => Interlocked.Increment(ref _hedges);

    public void Rejected() => Interlocked.Increment(ref _rejections);

    public void FellBack() => Interlocked.Increment(ref _fallbacks);
}
