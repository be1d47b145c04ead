using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Security;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Overload;

/// <summary>Keeps one client from taking the room of all others. Users count by themselves, everybody else by address.</summary>
internal sealed class RateLimits : IDisposable
{
    /// <summary>Of the refusal, for clients.</summary>
    public const string Code = "rate-limited";

    private const int RefillsPerSecond = 10;

    private readonly PartitionedRateLimiter<HttpContext> _limiter;
    private readonly Counter<long> _refused;

    public RateLimits(IOptions<RateLimitOptions> options, IMeterFactory meters)
    {
        var limits = options.Value;
        var (user, anonymous) = (
            Bucket(limits.SignedInPerSecond, limits.SignedInBurst), Bucket(limits.AnonymousPerSecond, limits.AnonymousBurst));
        _limiter = PartitionedRateLimiter.Create<HttpContext, string>(http => Principal.UserOf(http.User) is { } id
            ? RateLimitPartition.GetTokenBucketLimiter($"user:{id}", _ => user)
            : RateLimitPartition.GetTokenBucketLimiter($"address:{http.Connection.RemoteIpAddress}", _ => anonymous));
        _refused = meters.Create("lms").CreateCounter<long>(
            "lms.gateway.rate_limited", "{request}", "Requests of clients that had asked too often.");
        _refused.Add(0);
    }

    /// <summary>After authentication: a token says who asks.</summary>
    public async Task UseAsync(HttpContext http, RequestDelegate next)
    {
        if (RequestClasses.Of(http.GetEndpoint()) is null)
        {
            await next(http);
            return;
        }

        using var lease = _limiter.AttemptAcquire(http);
        if (lease.IsAcquired)
        {
            await next(http);
            return;
        }

        _refused.Add(1);
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        await Refusals.TooMany(http, wait, Code, "Ask less often.").WithCode(Code).ExecuteAsync(http);
    }

    public void Dispose() => _limiter.Dispose();

    private static TokenBucketRateLimiterOptions Bucket(int perSecond, int burst) => new()
    {
        TokenLimit = burst,
        TokensPerPeriod = Math.Max(1, perSecond / RefillsPerSecond),
        ReplenishmentPeriod = TimeSpan.FromSeconds(perSecond < RefillsPerSecond ? 1.0 / perSecond : 1.0 / RefillsPerSecond),
        QueueLimit = 0,
        AutoReplenishment = true,
    };
}
