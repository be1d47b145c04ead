namespace Lms.ApiFrontend.Resilience;

/// <summary>
/// The time that all calls of one request have together. It begins with the first of them, since a client may take minutes to
/// send a file. Work that belongs to no request has the whole time for each call.
/// </summary>
internal sealed class RequestTime
{
    private static readonly AsyncLocal<RequestTime?> s_current = new();

    private readonly Lock _lock = new();
    private long? _startedAt;
    private TimeSpan _extra;

    /// <summary>What is done from here on belongs to one request.</summary>
    public static async Task UseAsync(HttpContext http, RequestDelegate next)
    {
        s_current.Value = new();
        await next(http);
    }

    /// <summary>What is left of <paramref name="whole"/> for a call that begins now.</summary>
    public static TimeSpan Left(TimeSpan whole, TimeProvider clock) =>
        s_current.Value is { } request ? request.LeftOf(whole, clock) : whole;

    /// <summary>Grants more, for what must be tried even when the time is over.</summary>
    public static void Extend(TimeSpan time)
    {
        if (s_current.Value is { } request)
        {
            lock (request._lock)
            {
                request._extra += time;
            }
        }
    }

    private TimeSpan LeftOf(TimeSpan whole, TimeProvider clock)
    {
        lock (_lock)
        {
            _startedAt ??= clock.GetTimestamp();
            var left = whole + _extra - clock.GetElapsedTime(_startedAt.Value);

            // Polly takes nothing and less for no limit.
            return left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1);
        }
    }
}
