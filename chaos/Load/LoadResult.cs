namespace Lms.Chaos.Load;

/// <summary>What a load came to. Instants are seconds since its start, latencies milliseconds since the intended instant.</summary>
public sealed record LoadResult
{
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From the first to the last intended instant.</summary>
    public required double Seconds { get; init; }

    public required double Rate { get; init; }

    public required int Requests { get; init; }

    /// <summary>Answers that are as good as on a good day.</summary>
    public required int Ok { get; init; }

    /// <summary>Answers that say themselves that they may be old.</summary>
    public required int Degraded { get; init; }

    public required int Failed { get; init; }

    /// <summary>Requests that were sent to the next gateway because the first refused the connection.</summary>
    public required int Retried { get; init; }

    /// <summary>Writes of unknown outcome that were sent again, with their key, when another write's turn came.</summary>
    public required int Repeated { get; init; }

    /// <summary>Requests that were never sent, because too many were on their way; they count as failed.</summary>
    public required int Overrun { get; init; }

    /// <summary>Of the generator: how much later than intended it sent.</summary>
    public required Latency Lag { get; init; }

    /// <summary>False when the generator was too slow to measure anything.</summary>
    public required bool IsValid { get; init; }

    public required Latency Latency { get; init; }

    public required IReadOnlyDictionary<string, OperationResult> Operations { get; init; }

    public required IReadOnlyList<FailureKind> Failures { get; init; }

    /// <summary>The first ten thousand.</summary>
    public required IReadOnlyList<FailedRequest> FailedRequests { get; init; }

    public required WriteResult Writes { get; init; }

    public required IReadOnlyList<SecondResult> PerSecond { get; init; }

    /// <summary>
    /// Of requests whose instant is in <see cref="LoadOptions.Tail"/>: no other figure counts them, and seconds are those since its
    /// start. <see cref="Retried"/>, <see cref="Repeated"/> and <see cref="Writes"/> are of the whole run, here and there.
    /// </summary>
    public LoadResult? Tail { get; init; }

    /// <summary>Share of requests that were answered, degraded or not.</summary>
    public double Availability => Requests == 0 ? 1 : (double)(Ok + Degraded) / Requests;

    /// <summary>Share of requests that were answered as on a good day.</summary>
    public double FullAvailability => Requests == 0 ? 1 : (double)Ok / Requests;
}

/// <summary>In milliseconds.</summary>
public sealed record Latency(double P50, double P90, double P99, double P999, double Max)
{
    public static Latency Of(IEnumerable<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToArray();
        return new(At(0.5), At(0.9), At(0.99), At(0.999), At(1));

        double At(double share) => sorted.Length == 0
            ? 0
            : Math.Round(sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)], 3);
    }
}

/// <summary>What one kind of request came to.</summary>
public sealed record OperationResult(
    int Requests, int Ok, int Degraded, int Failed, IReadOnlyDictionary<string, int> Statuses, Latency Latency);

/// <summary>Failures of one kind.</summary>
public sealed record FailureKind(string Operation, string Kind, int Count, double FirstAt, double LastAt, string Example);

/// <summary>One request that failed.</summary>
/// <param name="At">Its intended instant, in seconds from the start.</param>
/// <param name="AfterMs">How long until it had failed, in milliseconds.</param>
/// <param name="IsRepeat">It had been sent before with its key, and nobody knew what became of it.</param>
public sealed record FailedRequest(double At, double AfterMs, string Operation, string Kind, string Url, string Detail, bool IsRepeat);

/// <summary>What became of writes.</summary>
public sealed record WriteResult
{
    public required int Acknowledged { get; init; }

    /// <summary>Neither acknowledged nor refused, even when sent again in the end.</summary>
    public required int Unknown { get; init; }

    /// <summary>Acknowledged, and not there in the end. Also whatever else may never be: numbers given twice, versions that go back.</summary>
    public required IReadOnlyList<string> Lost { get; init; }

    /// <summary>Acknowledged, and could not be read in the end.</summary>
    public required IReadOnlyList<string> Unread { get; init; }

    /// <summary>Reads that showed what was before an acknowledged write, without saying that they are degraded.</summary>
    public required IReadOnlyList<string> StaleReads { get; init; }
}

/// <summary>One second of intended instants.</summary>
public sealed record SecondResult(int Second, int Ok, int Degraded, int Failed, double P50, double P99, double Max);
