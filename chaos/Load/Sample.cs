namespace Lms.Chaos.Load;

/// <summary>One request: its intended instant, how late it was sent, and how long after the instant its answer was there.</summary>
internal readonly record struct Sample(TimeSpan At, TimeSpan Lag, TimeSpan Latency, string Operation, string Kind, Outcome Outcome);

internal enum Outcome
{
    Ok,
    Degraded,
    Failed,
}

/// <summary>All requests of a run, and what they amount to. Those of its tail are samples of their own.</summary>
internal sealed class Samples(LoadOptions options)
{
    private const int MaxFailedRequests = 10_000;

    private readonly Lock _lock = new();
    private readonly List<Sample> _samples = [];
    private readonly List<FailedRequest> _failed = [];

    private readonly Samples? _tail = options is { Duration: not null, Tail: { } tail }
        ? new Samples(options with { Rate = tail.Rate, Duration = tail.Duration, Tail = null })
        : null;

    public void Add(TimeSpan at, TimeSpan lag, TimeSpan latency, Call call, Answer answer, Uri? url)
    {
        if (_tail is not null && options.Duration is { } end && at >= end)
        {
            _tail.Add(at - end, lag, latency, call, answer, url);
            return;
        }

        var outcome = !answer.IsSuccess ? Outcome.Failed : answer.IsDegraded ? Outcome.Degraded : Outcome.Ok;
        lock (_lock)
        {
            _samples.Add(new(at, lag, latency, call.Operation, answer.Kind, outcome));
            if (outcome == Outcome.Failed && _failed.Count < MaxFailedRequests)
            {
                _failed.Add(new(
                    Seconds(at),
                    Math.Round(latency.TotalMilliseconds, 3),
                    call.Operation,
                    answer.Kind,
                    url?.ToString() ?? "",
                    answer.Detail,
                    call.IsRepeat));
            }
        }
    }

    public LoadResult Result(DateTimeOffset startedAt, int retried, int repeated, WriteResult writes)
    {
        lock (_lock)
        {
            var sent = _samples.Where(sample => sample.Kind != Answer.Overrun).ToList();
            var lag = Latency.Of(sent.Select(sample => sample.Lag.TotalMilliseconds));
            return new()
            {
                StartedAt = startedAt,
                Seconds = _samples.Count == 0 ? 0 : Seconds(_samples.Max(sample => sample.At)),
                Rate = options.Rate,
                Requests = _samples.Count,
                Ok = Count(_samples, Outcome.Ok),
                Degraded = Count(_samples, Outcome.Degraded),
                Failed = Count(_samples, Outcome.Failed),
                Retried = retried,
                Repeated = repeated,
                Overrun = _samples.Count - sent.Count,
                Lag = lag,
                IsValid = lag.P99 <= options.MaxLag.TotalMilliseconds,
                Latency = LatencyOf(sent),
                Operations = _samples.GroupBy(sample => sample.Operation, StringComparer.Ordinal)
                    .OrderBy(group => group.Key, StringComparer.Ordinal)
                    .ToDictionary(group => group.Key, group => Operation([.. group]), StringComparer.Ordinal),
                Failures = [.. Failures()],
                FailedRequests = [.. _failed.OrderBy(request => request.At)],
                Writes = writes,
                PerSecond = [.. _samples.GroupBy(sample => (int)sample.At.TotalSeconds).OrderBy(group => group.Key).Select(Second)],
                Tail = _tail?.Result(startedAt + options.Duration!.Value, retried, repeated, writes),
            };
        }
    }

    private static OperationResult Operation(List<Sample> samples) => new(
        samples.Count,
        Count(samples, Outcome.Ok),
        Count(samples, Outcome.Degraded),
        Count(samples, Outcome.Failed),
        samples.GroupBy(sample => sample.Kind, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal),
        LatencyOf(samples));

    private IEnumerable<FailureKind> Failures() =>
        from sample in _samples
        where sample.Outcome == Outcome.Failed
        group sample by (sample.Operation, sample.Kind) into kind
        orderby kind.Min(sample => sample.At)
        select new FailureKind(
            kind.Key.Operation,
            kind.Key.Kind,
            kind.Count(),
            Seconds(kind.Min(sample => sample.At)),
            Seconds(kind.Max(sample => sample.At)),
            _failed.FirstOrDefault(request => (request.Operation, request.Kind) == kind.Key)?.Detail ?? "");

    private static SecondResult Second(IGrouping<int, Sample> second)
    {
        var samples = second.ToList();
        var latency = LatencyOf(samples);
        return new(
            second.Key,
            Count(samples, Outcome.Ok),
            Count(samples, Outcome.Degraded),
            Count(samples, Outcome.Failed),
            latency.P50,
            latency.P99,
            latency.Max);
    }

    private static Latency LatencyOf(IEnumerable<Sample> samples) =>
        Latency.Of(samples.Select(sample => sample.Latency.TotalMilliseconds));

    private static int Count(List<Sample> samples, Outcome outcome) => samples.Count(sample => sample.Outcome == outcome);

    private static double Seconds(TimeSpan at) => Math.Round(at.TotalSeconds, 3);
}
