using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.Grains.Abstractions.Maintenance;

namespace Lms.ApiFrontend.Maintenance;

/// <summary>Refuses what is announced to be refused, and tells why and when to come back.</summary>
internal sealed class MaintenanceGate(MaintenanceWatch watch, TimeProvider clock)
{
    public const string Code = "maintenance";

    /// <summary>For whoever is told nothing else.</summary>
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromMinutes(1);

    // What administrators do, and what they need for it: somebody must be able to switch it off.
    private static readonly string[] s_alwaysOpen = ["/api/admin", "/api/public/login"];

    /// <summary>After authorization: who may not do it at all learns that first.</summary>
    public Task UseAsync(HttpContext http, RequestDelegate next)
    {
        var notice = watch.Current;
        if (!IsRefused(notice.Mode, http))
        {
            return next(http);
        }

        http.Features.Set(new AnnouncedRefusal());
        return Refusals.Unavailable(http, RetryAfter(notice, clock.GetUtcNow()), Code, notice.Reason).WithCode(Code).ExecuteAsync(http);
    }

    /// <summary>An end that has passed without anybody switching it off is one that nobody knows.</summary>
    public static TimeSpan RetryAfter(MaintenanceNotice notice, DateTimeOffset now) =>
        notice.RetryAfter ?? (notice.Until > now ? notice.Until.Value - now : s_retryAfter);

    private static bool IsRefused(MaintenanceMode mode, HttpContext http)
    {
        var path = http.Request.Path;
        return mode != MaintenanceMode.Off
            && path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            && !Array.Exists(s_alwaysOpen, open => path.StartsWithSegments(open, StringComparison.OrdinalIgnoreCase))
            && (mode == MaintenanceMode.Closed || !IsRead(http));
    }

    private static bool IsRead(HttpContext http) =>
        HttpMethods.IsGet(http.Request.Method)
        || HttpMethods.IsHead(http.Request.Method)
        || HttpMethods.IsOptions(http.Request.Method)
        || http.GetEndpoint()?.Metadata.GetMetadata<ReadsOnly>() is not null;
}

/// <summary>Request feature: it was refused because of maintenance, which does not count as a failure.</summary>
internal sealed record AnnouncedRefusal;
