using System.Diagnostics.Metrics;
using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Maintenance;
using Lms.ApiFrontend.Overload;
using Lms.ApiFrontend.Security;
using Lms.Grains.Abstractions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Metadata;

namespace Lms.ApiFrontend.Status;

/// <summary>Counts every request of the API, by the service that it is for and by how it ended.</summary>
internal sealed class RequestCounting
{
    /// <summary>For operations that belong to no single service: imports, exports, changes.</summary>
    public const string Library = "library";

    private const string StatusTag = "Status";

    private static readonly RequestOutcome[] s_counted =
        [RequestOutcome.Full, RequestOutcome.Degraded, RequestOutcome.Failed, RequestOutcome.Announced];

    private readonly RequestCounts _counts;
    private readonly RecentRequests _recent;
    private readonly TimeProvider _clock;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _durations;

    public RequestCounting(RequestCounts counts, RecentRequests recent, IMeterFactory meters, TimeProvider clock)
    {
        (_counts, _recent, _clock) = (counts, recent, clock);
        var meter = meters.Create("lms");
        _durations = meter.CreateHistogram<double>(
            "lms.gateway.request.duration", "s", "How long requests of the API took, by how they ended.");
        _requests = meter.CreateCounter<long>(
            "lms.gateway.requests", "{request}", "Requests of the API by how they ended: full, degraded, failed or announced.");
        foreach (var service in Services)
        {
            foreach (var outcome in s_counted)
            {
                _requests.Add(0, new("service", service), new("outcome", NameOf(outcome)));
            }
        }
    }

    /// <summary>What requests are counted by.</summary>
    public static IReadOnlyList<string> Services { get; } = [.. LibraryServices.Names, Library];

    /// <summary>Outermost, so that it sees what the client sees.</summary>
    public async Task UseAsync(HttpContext http, RequestDelegate next)
    {
        var start = _clock.GetTimestamp();
        try
        {
            await next(http);
        }
        catch
        {
            // The answer had begun, and breaks off.
            Count(http, StatusCodes.Status500InternalServerError, _clock.GetElapsedTime(start));
            throw;
        }

        Count(http, http.Response.StatusCode, _clock.GetElapsedTime(start));
    }

    /// <summary>How a request ended whose answer has this status and these marks.</summary>
    /// <remarks>
    /// 429 is a failure when there was no room. Refusals of one client that asks too often or guesses passwords are of its own
    /// making: anybody could make the library look down otherwise.
    /// </remarks>
    /// <param name="status">Of the answer.</param>
    /// <param name="isAborted">The client did not wait for it.</param>
    /// <param name="code">The stable code of a refusal, if it has one.</param>
    /// <param name="isAnnounced">It was refused because of maintenance.</param>
    /// <param name="isDegraded">It is less than usual.</param>
    internal static RequestOutcome OutcomeOf(int status, bool isAborted, string? code, bool isAnnounced, bool isDegraded) => status switch
    {
        _ when isAborted => RequestOutcome.NotCounted,
        _ when isAnnounced => RequestOutcome.Announced,
        StatusCodes.Status429TooManyRequests when code is SignInThrottle.Code or RateLimits.Code => RequestOutcome.NotCounted,
        StatusCodes.Status429TooManyRequests or >= StatusCodes.Status500InternalServerError => RequestOutcome.Failed,
        >= StatusCodes.Status400BadRequest => RequestOutcome.NotCounted,
        _ => isDegraded ? RequestOutcome.Degraded : RequestOutcome.Full,
    };

    private void Count(HttpContext http, int status, TimeSpan duration)
    {
        if (ServiceOf(http) is not { } service)
        {
            return;
        }

        var headers = http.Response.Headers;
        var reason = status == StatusCodes.Status202Accepted && IsReturn(http.Request) ? RecentRequests.Deferred
            : headers[Degradation.Header] is [{ Length: > 0 } told] ? told
            : Degradation.Of(http);
        var outcome = OutcomeOf(
            status,
            http.RequestAborted.IsCancellationRequested,
            headers[ContractErrors.CodeHeader],
            http.Features.Get<AnnouncedRefusal>() is not null,
            reason.Length > 0);
        if (outcome != RequestOutcome.NotCounted)
        {
            _counts.Add(service, outcome);
            _recent.Add(service, outcome, reason);
            KeyValuePair<string, object?>[] tags = [new("service", service), new("outcome", NameOf(outcome))];
            _requests.Add(1, tags);
            _durations.Record(duration.TotalSeconds, tags);
        }
    }

    /// <summary>Null for what is no request of the API: probes, metrics, documentation, what browsers ask on their own.</summary>
    private static string? ServiceOf(HttpContext http)
    {
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            return null;
        }

        // Whoever answers an error takes the endpoint away.
        var endpoint = http.GetEndpoint() ?? http.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        if (endpoint?.Metadata.GetMetadata<ITagsMetadata>()?.Tags is not [var tag, ..])
        {
            return http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) ? Library : null;
        }

        return tag == StatusTag ? null
            : Services.FirstOrDefault(service => service.Equals(tag, StringComparison.OrdinalIgnoreCase)) ?? Library;
    }

    // An import that is accepted is all that was asked for; a return that is accepted is not yet recorded.
    private static bool IsReturn(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.Path.Equals("/api/returns", StringComparison.OrdinalIgnoreCase);

    private static string NameOf(RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.Full => "full",
        RequestOutcome.Degraded => "degraded",
        RequestOutcome.Failed => "failed",
        _ => "announced",
    };
}
