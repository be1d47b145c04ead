namespace Lms.ApiFrontend.Status;

/// <summary>How a request ended, for the client.</summary>
internal enum RequestOutcome
{
    /// <summary>It says nothing about the library: the client gave up or was at fault.</summary>
    NotCounted = 0,

    Full = 1,

    /// <summary>Answered with less than usual: older, from another source, or later.</summary>
    Degraded = 2,

    Failed = 3,

    /// <summary>Refused because of maintenance that was announced.</summary>
    Announced = 4,
}

/// <summary>How many requests ended how.</summary>
internal readonly record struct RequestTotals(long Full, long Degraded, long Failed, long Announced)
{
    /// <summary>Those that availability is measured by.</summary>
    public long Valid => Full + Degraded + Failed;

    public static RequestTotals operator +(RequestTotals one, RequestTotals other) => new(
        one.Full + other.Full, one.Degraded + other.Degraded, one.Failed + other.Failed, one.Announced + other.Announced);

    public RequestTotals With(RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.Full => this with { Full = Full + 1 },
        RequestOutcome.Degraded => this with { Degraded = Degraded + 1 },
        RequestOutcome.Failed => this with { Failed = Failed + 1 },
        RequestOutcome.Announced => this with { Announced = Announced + 1 },
        _ => this,
    };
}
