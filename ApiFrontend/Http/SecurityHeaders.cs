using Lms.ApiFrontend.Cluster;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Lms.ApiFrontend.Http;

/// <summary>What browsers and caches are told with every answer.</summary>
internal static class SecurityHeaders
{
    public const string NothingAtAll = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>The page of the documentation starts itself by a script of its own, and styles itself.</summary>
    public const string Documentation =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public const string DocumentationPath = "/swagger-ui";

    /// <summary>The dashboard has scripts and fonts of its own, styles itself, and is signed in to by a form.</summary>
    public const string Dashboard =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    // What a book, an author or a genre is may be kept by whoever asked; everything else is about people.
    private static readonly string[] s_catalogue = ["Authors", "Books", "Genres"];

    /// <summary>First of all, so that no answer is without them.</summary>
    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(static state =>
        {
            Add((HttpContext)state);
            return Task.CompletedTask;
        }, http);
        return next(http);
    });

    private static void Add(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy =
            http.Request.Path.StartsWithSegments(DocumentationPath, StringComparison.OrdinalIgnoreCase) ? Documentation
            : http.Request.Path.StartsWithSegments(OrleansDashboard.Path, StringComparison.OrdinalIgnoreCase) ? Dashboard
            : NothingAtAll;
        if (http.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        if (!headers.ContainsKey(HeaderNames.CacheControl) && http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            headers.CacheControl = IsCatalogue(http) ? "private, no-cache, stale-if-error=86400" : "no-store";
        }
    }

    private static bool IsCatalogue(HttpContext http) =>
        http.GetEndpoint()?.Metadata is { } metadata
        && metadata.GetMetadata<ForCaller>() is null
        && metadata.GetMetadata<ITagsMetadata>()?.Tags.Any(tag => s_catalogue.Contains(tag, StringComparer.Ordinal)) == true;
}

/// <summary>Endpoint metadata: the answer tells of whoever asks, although it is of the catalogue.</summary>
internal sealed record ForCaller;
