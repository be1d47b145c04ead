using Lms.ApiFrontend.Http;
using Lms.Grains.Abstractions;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Simmy;
using Polly.Timeout;

namespace Lms.ApiFrontend.Resilience;

/// <summary>The one factory of what stands between an endpoint and a grain. Services differ in numbers only.</summary>
internal sealed class PipelineFactory(
    IOptionsMonitor<ResilienceOptions> options, IOptions<ChaosOptions> chaos, ResilienceMetrics metrics, TimeProvider clock)
{
    /// <summary>Outermost first: total timeout, retry, breaker, concurrency limit, attempt timeout, and chaos where it is configured.</summary>
    /// <remarks>
    /// A client of the cluster is not told that the silo which has its call is gone: the call hangs. The attempt timeout
    /// ends it, and the retry finds the grain where it is now. Commands carry operation ids, so that repeating is safe. What the
    /// limit refuses, or the breaker of reads, is not tried again, nor is the read that opens it or is its trial: whoever waits would only
    /// come back into the same refusal.
    /// </remarks>
    public ServicePipeline Build(string service, CallKind kind)
    {
        var numbers = options.Get(service);
        var timeout = kind == CallKind.Read ? numbers.ReadTimeout : numbers.WriteTimeout;
        var (state, control) = (new CircuitBreakerStateProvider(), new CircuitBreakerManualControl());
        var budget = new RetryBudget(numbers.RetryShare, numbers.RetryBurst);
        var watch = metrics.Of(service, kind, state, Degradation.ReadModel, Degradation.Stale);

        var strategies = new ResiliencePipelineBuilder { TimeProvider = clock, Name = $"{service}-{kind}" }
            .AddTimeout(new TimeoutStrategyOptions
            {
                TimeoutGenerator = _ => ValueTask.FromResult(RequestTime.Left(timeout, clock)),
            });
        if (numbers.MaxRetries > 0)
        {
            strategies.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = outcome => ValueTask.FromResult(outcome.Outcome.Exception is { } fault && (kind == CallKind.Read
                    ? state.CircuitState == CircuitState.Closed && MayRepeat(fault, budget)
                    : MayRepeat(fault, budget) || IsPause(fault))),
                MaxRetryAttempts = numbers.MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = numbers.RetryDelay,
                MaxDelay = numbers.MaxRetryDelay,
                UseJitter = true,
                OnRetry = _ => watch.Retried(),
            });
        }

        strategies
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(GrainFaults.CountsAgainstService),
                FailureRatio = numbers.BreakerFailureRatio,
                MinimumThroughput = numbers.BreakerMinimumCalls,
                SamplingDuration = numbers.BreakerSampling,
                BreakDurationGenerator = trial => ValueTask.FromResult(BreakDuration(numbers, trial.HalfOpenAttempts)),
                StateProvider = state,
                ManualControl = control,
                OnOpened = _ => watch.Opened(),
            })
            .AddConcurrencyLimiter(numbers.MaxConcurrentCalls)
            .AddTimeout(numbers.AttemptTimeout);
        if (chaos.Value.IsFor(service))
        {
            AddChaos(strategies, chaos.Value);
        }

        return new(service, kind, timeout, strategies.Build(), state, control, budget, watch);
    }

    internal static TimeSpan BreakDuration(ResilienceOptions numbers, int failedTrials) =>
        Doubled(numbers.BreakDuration, numbers.MaxBreakDuration, failedTrials);

    /// <summary>Doubles with each trial that failed, up to the longest.</summary>
    internal static TimeSpan Doubled(TimeSpan first, TimeSpan longest, int failedTrials)
    {
        var doubled = first * Math.Pow(2, Math.Min(failedTrials, 16));
        return doubled < longest ? doubled : longest;
    }

    // Nobody else can answer a write: it waits for the breaker's next trial while it has time. A read has other sources.
    private static bool IsPause(Exception fault) => fault is BrokenCircuitException and not IsolatedCircuitException;

    private static bool MayRepeat(Exception fault, RetryBudget budget) =>
        GrainFaults.ReachedNobody(fault) || (GrainFaults.IsTransient(fault) && budget.TryTake());

    private static void AddChaos(ResiliencePipelineBuilder strategies, ChaosOptions chaos)
    {
        if (chaos.LatencyRate > 0)
        {
            strategies.AddChaosLatency(chaos.LatencyRate, chaos.Latency);
        }

        if (chaos.FaultRate > 0)
        {
            strategies.AddChaosFault(chaos.FaultRate, () => new GrainFault(FaultKind.Unreachable, "A fault that was asked for."));
        }
    }
}
