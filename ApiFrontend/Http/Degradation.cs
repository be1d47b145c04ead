using System.Globalization;

namespace Lms.ApiFrontend.Http;

/// <summary>
/// What an answer lacks, for the headers: <c>Lms-Degraded</c> names it, <c>Age</c> and <c>Cache-Status</c> (RFC 9211) say how old
/// the oldest part is. Bodies never change.
/// </summary>
internal sealed class Degradation
{
    public const string Header = "Lms-Degraded";

    /// <summary>Nobody answered; this is what was known last.</summary>
    public const string Stale = "stale";

    /// <summary>The owner did not answer; the read model did.</summary>
    public const string ReadModel = "read-model";

    /// <summary>The primary database did not answer; its replica did.</summary>
    public const string Replica = "replica";

    private static readonly AsyncLocal<Degradation?> s_current = new();

    private readonly Lock _lock = new();
    private readonly SortedSet<string> _reasons = new(StringComparer.Ordinal);
    private TimeSpan _age;

    /// <summary>What is noted from here on belongs to the answer to one request.</summary>
    public static async Task UseAsync(HttpContext http, RequestDelegate next)
    {
        var degradation = new Degradation();
        s_current.Value = degradation;
        http.Features.Set(degradation);
        http.Response.OnStarting(
            static state =>
            {
                var (response, noted) = ((HttpResponse, Degradation))state;
                noted.WriteTo(response);
                return Task.CompletedTask;
            },
            (http.Response, degradation));
        await next(http);
    }

    /// <summary>Of work that belongs to no request nobody is told.</summary>
    public static void Note(string reason, TimeSpan age)
    {
        if (s_current.Value is { } current)
        {
            lock (current._lock)
            {
                current._reasons.Add(reason);
                current._age = age > current._age ? age : current._age;
            }
        }
    }

    /// <summary>What was noted for an answer, also while its headers are not written; empty when it lacks nothing.</summary>
    public static string Of(HttpContext http) => http.Features.Get<Degradation>() is { } noted ? noted.Reasons() : "";

    private string Reasons()
    {
        lock (_lock)
        {
            return string.Join(", ", _reasons);
        }
    }

    private void WriteTo(HttpResponse response)
    {
        lock (_lock)
        {
            // A refusal is as good as ever.
            if (_reasons.Count == 0 || response.StatusCode >= StatusCodes.Status400BadRequest)
            {
                return;
            }

            var seconds = ((long)_age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            response.Headers[Header] = string.Join(", ", _reasons);
            response.Headers.Age = seconds;
            if (_reasons.Contains(Stale))
            {
                response.Headers["Cache-Status"] = $"lms; hit; ttl=-{seconds}; detail={Stale}";
            }
        }
    }
}
