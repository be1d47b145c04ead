using System.Diagnostics;
using Lms.ServiceDefaults;
using Polly;
using Polly.CircuitBreaker;

namespace Lms.ApiFrontend.Resilience;

/// <summary>Reads and writes of a service fail separately: without storage the one goes on.</summary>
internal enum CallKind
{
    Read = 0,
    Write = 1,
}

/// <summary>What stands between the gateway and the grains of one service, for reads or for writes.</summary>
/// <param name="Service">Its name, or <see cref="ServicePipelines.Shared"/>.</param>
/// <param name="Kind">Reads or writes.</param>
/// <param name="Timeout">Of all calls of one request together.</param>
/// <param name="Strategies">What a call passes through.</param>
/// <param name="State">Of the breaker.</param>
/// <param name="Control">Of the breaker, by hand.</param>
/// <param name="Budget">For its retries.</param>
/// <param name="Watch">Counts what it does.</param>
internal sealed record ServicePipeline(
    string Service,
    CallKind Kind,
    TimeSpan Timeout,
    ResiliencePipeline Strategies,
    CircuitBreakerStateProvider State,
    CircuitBreakerManualControl Control,
    RetryBudget Budget,
    ResilienceMetrics.Watch Watch)
{
    private static readonly ActivitySource s_spans = new(Tracing.Source);

    /// <summary>The kind as people and metrics spell it.</summary>
    public string KindName { get; } = Kind == CallKind.Read ? "read" : "write";

    /// <summary>Makes a call under it.</summary>
    public async Task<T> ExecuteAsync<TState, T>(
        Func<TState, CancellationToken, ValueTask<T>> call, TState state, CancellationToken cancellationToken)
    {
        using var span = s_spans.StartActivity($"{Service} {KindName}");
        Budget.Deposit();
        Watch.Called();
        try
        {
            return await Strategies.ExecuteAsync(call, state, cancellationToken);
        }
        catch (ExecutionRejectedException rejection)
        {
            span?.SetStatus(ActivityStatusCode.Error, rejection.GetType().Name);
            Watch.Rejected(rejection);
            throw;
        }
    }
}
