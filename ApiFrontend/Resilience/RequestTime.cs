using System.Globalization;

namespace Lms.ApiFrontend.Resilience;

/// <summary>
/// The time that all calls of one request have together. It begins with the first of them, since a client may take minutes to
/// send a file. Work that belongs to no request has the whole time for each call.
/// </summary>
internal sealed class RequestTime(TimeSpan? patience)
{
    /// <summary>Milliseconds that the client waits for the answer to what it has sent.</summary>
    public const string Header = "X-Request-Deadline-Ms";

    private static readonly AsyncLocal<RequestTime?> s_current = new();

    private readonly Lock _lock = new();
    private long? _startedAt;
    private TimeSpan _extra;
    private TimeSpan _waited;

    /// <summary>How long the client of this request waits for its answer; null when it does not say.</summary>
    public static TimeSpan? Patience => s_current.Value?.OwnPatience;

    private TimeSpan? OwnPatience => patience;

    /// <summary>What is done from here on belongs to one request.</summary>
    public static async Task UseAsync(HttpContext http, RequestDelegate next)
    {
        s_current.Value = new(PatienceOf(http));
        await next(http);
    }

    /// <summary>What is left of <paramref name="whole"/>, or of the client's patience, for a call that begins now.</summary>
    public static TimeSpan Left(TimeSpan whole, TimeProvider clock) =>
        s_current.Value is { } request ? request.LeftOf(whole, clock) : whole;

    /// <summary>Takes from the client's patience what it has waited for its turn.</summary>
    public static void Waited(TimeSpan time)
    {
        if (s_current.Value is { } request)
        {
            lock (request._lock)
            {
                request._waited += time;
            }
        }
    }

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

    /// <summary>The answer has begun and takes as long as it takes: each call from here on has the whole time for itself.</summary>
    public static void Leave() => s_current.Value = null;

    // What cannot be read says nothing.
    private static TimeSpan? PatienceOf(HttpContext http) =>
        int.TryParse(http.Request.Headers[Header], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;

    private TimeSpan LeftOf(TimeSpan whole, TimeProvider clock)
    {
        lock (_lock)
        {
            _startedAt ??= clock.GetTimestamp();
            var granted = patience - _waited is { } own && own < whole ? own : whole;
            var left = granted + _extra - clock.GetElapsedTime(_startedAt.Value);

            // Polly takes nothing and less for no limit.
            return left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1);
        }
    }
}
