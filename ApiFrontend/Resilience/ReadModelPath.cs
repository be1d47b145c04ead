using System.Data.Common;
using Lms.ApiFrontend.Http;
using Lms.ReadModel.Infrastructure;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Lms.ApiFrontend.Resilience;

/// <summary>
/// The one way from an endpoint to the read model: a database that hangs costs nobody more than the time of a query, and one that is
/// gone costs nothing. While the primary's breaker is open its replica is asked, and the answer says so.
/// </summary>
internal sealed class ReadModelPath : IQueryPath
{
    /// <summary>What metrics call them.</summary>
    public const string Service = "read-model";
    public const string ReplicaService = "read-model-replica";

    private readonly ReadModelOptions _numbers;
    private readonly ResilienceMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly Way _primary;
    private readonly Way _replica;

    public ReadModelPath(IOptions<ReadModelOptions> options, ResilienceMetrics metrics, TimeProvider clock)
    {
        (_numbers, _metrics, _clock) = (options.Value, metrics, clock);
        _primary = Build(Service, Degradation.Replica);
        _replica = Build(ReplicaService);
    }

    public async Task ReadAsync(
        Func<CancellationToken, Task> primary, Func<CancellationToken, Task>? replica, CancellationToken cancellationToken)
    {
        try
        {
            await _primary.ReadAsync(primary, cancellationToken);
        }
        catch (BrokenCircuitException) when (replica is not null)
        {
            // The primary has not been asked, so that no row has been read.
            await _replica.ReadAsync(replica, cancellationToken);
            _metrics.FellBack(Service, Degradation.Replica);

            // By how much it lags nobody knows: when it last heard of a change tells how long the library has been quiet, too.
            Degradation.Note(Degradation.Replica, TimeSpan.Zero);
        }
    }

    /// <summary>Outermost first: breaker, time limit.</summary>
    private Way Build(string service, params string[] fallbacks)
    {
        var state = new CircuitBreakerStateProvider();
        var watch = _metrics.Of(service, CallKind.Read, state, fallbacks);
        var strategies = new ResiliencePipelineBuilder { TimeProvider = _clock, Name = service }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(CountsAgainstDatabase),
                FailureRatio = _numbers.BreakerFailureRatio,
                MinimumThroughput = _numbers.BreakerMinimumCalls,
                SamplingDuration = _numbers.BreakerSampling,
                BreakDurationGenerator = trial => ValueTask.FromResult(
                    PipelineFactory.Doubled(_numbers.BreakDuration, _numbers.MaxBreakDuration, trial.HalfOpenAttempts)),
                StateProvider = state,
                OnOpened = _ => watch.Opened(),
            })
            .AddTimeout(new TimeoutStrategyOptions
            {
                TimeoutGenerator = _ => ValueTask.FromResult(TimeLeft()),
            })
            .Build();
        return new(strategies, watch);
    }

    private TimeSpan TimeLeft()
    {
        var left = RequestTime.Left(_numbers.RequestTimeout, _clock);
        return left < _numbers.Timeout ? left : _numbers.Timeout;
    }

    // Not when the question was wrong, or had little time from the start: that says nothing about the database.
    private bool CountsAgainstDatabase(Exception exception) => exception switch
    {
        TimeoutRejectedException timeout => timeout.Timeout >= _numbers.Timeout / 2,
        DbException { SqlState: ['2' or '4', '2', ..] } => false, // data that cannot be; syntax, names and rights
        _ => exception is DbException,
    };

    /// <summary>What a query of one database passes through.</summary>
    private sealed record Way(ResiliencePipeline Strategies, ResilienceMetrics.Watch Watch)
    {
        public async Task ReadAsync(Func<CancellationToken, Task> query, CancellationToken cancellationToken)
        {
            Watch.Called();
            try
            {
                // A connection that hangs may not listen.
                await Strategies.ExecuteAsync(
                    static async (query, token) => await query(token).WaitAsync(token), query, cancellationToken);
            }
            catch (ExecutionRejectedException rejection)
            {
                Watch.Rejected(rejection);
                throw;
            }
        }
    }
}
