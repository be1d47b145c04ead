using Lms.Grains.Abstractions;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Lms.ApiFrontend.Resilience;

/// <summary>The one way from an endpoint to a grain. Nothing else retries: no grain, no endpoint, no page.</summary>
internal sealed class GrainCalls(ServicePipelines pipelines, TimeProvider clock)
{
    public Task<T> ReadAsync<TGrain, T>(
        TGrain grain, Func<TGrain, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        where TGrain : IGrain => CallAsync(CallKind.Read, grain, call, cancellationToken);

    /// <summary>For commands. They carry an operation id, so the pipeline may repeat them.</summary>
    public Task<T> WriteAsync<TGrain, T>(
        TGrain grain, Func<TGrain, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        where TGrain : IGrain => CallAsync(CallKind.Write, grain, call, cancellationToken);

    /// <inheritdoc cref="WriteAsync{TGrain, T}"/>
    public Task WriteAsync<TGrain>(
        TGrain grain, Func<TGrain, CancellationToken, Task> call, CancellationToken cancellationToken)
        where TGrain : IGrain => WriteAsync(
            grain,
            async (target, token) =>
            {
                await call(target, token);
                return true;
            },
            cancellationToken);

    private Task<T> CallAsync<TGrain, T>(
        CallKind kind, TGrain grain, Func<TGrain, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var pipeline = pipelines.Of<TGrain>(kind);
        var deadline = clock.GetUtcNow() + RequestTime.Left(pipeline.Timeout, clock);
        return pipeline.ExecuteAsync(
            static (state, token) => AttemptAsync(state.grain, state.call, state.deadline, token),
            (grain, call, deadline),
            cancellationToken);
    }

    private static async ValueTask<T> AttemptAsync<TGrain, T>(
        TGrain grain, Func<TGrain, CancellationToken, Task<T>> call, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        try
        {
            CallDeadline.Set(deadline);
            return await call(grain, cancellationToken).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody here gave up: a silo did.
            throw new GrainFault("The call was given up on its way.", exception) { Kind = FaultKind.Timeout };
        }
    }
}

/// <summary>Calls to services outside the library that are nice to have: never slow, never retried.</summary>
internal sealed class OptionalCalls(TimeProvider clock)
{
    // Outermost first: circuit breaker -> timeout.
    private readonly ResiliencePipeline _pipeline = new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<Exception>(exception => exception is not OperationCanceledException),
            FailureRatio = 0.5,
            MinimumThroughput = 5,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = TimeSpan.FromSeconds(30),
        })
        .AddTimeout(TimeSpan.FromMilliseconds(500))
        .Build();

    /// <summary>What the call answers, or null when it does not answer well or in time.</summary>
    public async Task<T?> CallAsync<T>(Func<CancellationToken, Task<T?>> call, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await _pipeline.ExecuteAsync(
                async token => await call(token).WaitAsync(token), cancellationToken);
        }
        catch (Exception exception) when (exception is BrokenCircuitException or TimeoutRejectedException
            or HttpRequestException or System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
