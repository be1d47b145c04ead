using Lms.ApiFrontend.Errors;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Lms.ApiFrontend.Http;

/// <summary>How much a request may be. What is more is 413, 414 or 431, and never remembered.</summary>
/// <remarks>
/// An operation that takes more says so by <see cref="IRequestSizeLimitMetadata"/>, such as a
/// <c>RequestSizeLimitAttribute</c>: routing sets that limit, and none here is put in its place.
/// </remarks>
internal static class RequestLimits
{
    /// <summary>A form with a photo of 20000 bytes and all its fields fits several times.</summary>
    public const int MaxBody = 256 * 1024;

    public const int MaxJsonBody = 64 * 1024;

    /// <summary>
    /// What is too large and no larger than this is read and thrown away before it is refused: a client that is still sending
    /// when the connection closes never sees the answer.
    /// </summary>
    private const int MaxDiscarded = 4 * 1024 * 1024;

    /// <summary>Nothing that the library is sent is half as deep.</summary>
    public const int MaxJsonDepth = 16;

    /// <summary>Slow or endless clients hold a connection, and nothing else.</summary>
    public static void Apply(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = MaxBody;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.MaxRequestHeaderCount = 64;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MaxConcurrentConnections = 10_000;
        limits.MaxConcurrentUpgradedConnections = 0; // nothing here speaks anything but HTTP
    }

    /// <summary>After routing, before anybody reads the body.</summary>
    public static void UseRequestLimits(this IApplicationBuilder app) => app.Use(LimitAsync);

    private static async Task LimitAsync(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsTrace(http.Request.Method))
        {
            await Problems.Problem(StatusCodes.Status405MethodNotAllowed, "method-refused", "TRACE is not answered.")
                .ExecuteAsync(http);
            return;
        }

        if (http.Request.HasJsonContentType()
            && http.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is null
            && http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
        {
            body.MaxRequestBodySize = MaxJsonBody;
        }

        if (await IsTooLargeAsync(http))
        {
            await TooLarge().ExecuteAsync(http);
            return;
        }

        await next(http);

        // Whatever binds JSON answers the bare status.
        if (http.Response is { HasStarted: false, StatusCode: StatusCodes.Status413PayloadTooLarge, ContentType: null })
        {
            await TooLarge().ExecuteAsync(http);
        }
    }

    private static async Task<bool> IsTooLargeAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is not { IsReadOnly: false, MaxRequestBodySize: { } limit } body
            || !(http.Request.ContentLength > limit))
        {
            return false;
        }

        if (http.Request.ContentLength <= MaxDiscarded)
        {
            body.MaxRequestBodySize = MaxDiscarded;
            await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
        }

        return true;
    }

    private static IResult TooLarge() =>
        Problems.Problem(StatusCodes.Status413PayloadTooLarge, "request-refused", "The request is too large.");
}
