using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Lms.ApiFrontend.Resilience;

/// <summary>The one factory of what stands between an endpoint and a grain.</summary>
internal static class GrainPipelines
{
    /// <summary>Outermost first: total timeout, retry, attempt timeout.</summary>
    /// <remarks>
    /// A client of the cluster is not told that the silo which has its call is gone: the call hangs. The attempt timeout
    /// ends it, and the retry finds the grain where it is now. Commands carry operation ids, so that repeating is safe.
    /// </remarks>
    public static ResiliencePipeline Build(ResilienceOptions options, TimeSpan timeout, TimeProvider clock)
    {
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = clock }.AddTimeout(new TimeoutStrategyOptions
        {
            TimeoutGenerator = _ => ValueTask.FromResult(RequestTime.Left(timeout, clock)),
        });
        if (options.MaxRetries > 0)
        {
            pipeline.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(GrainFaults.IsTransient),
                MaxRetryAttempts = options.MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = options.RetryDelay,
                MaxDelay = TimeSpan.FromMilliseconds(500),
                UseJitter = true,
            });
        }

        return pipeline.AddTimeout(options.AttemptTimeout).Build();
    }
}
