using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Lms.ApiFrontend.Errors;
using Microsoft.Net.Http.Headers;

namespace Lms.ApiFrontend.Http;

/// <summary>ETags: an entity's version in quotation marks.</summary>
internal static class Preconditions
{
    public static string ETag(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>Reads <c>If-Match</c> as existing clients send it: <c>"0"</c> or a bare <c>0</c>.</summary>
    public static bool TryReadVersion(HttpContext http, out int version, [NotNullWhen(false)] out IResult? refusal)
    {
        refusal = null;
        var text = http.Request.Headers.IfMatch.ToString().Trim();
        if (text.Length == 0 || text == "null")
        {
            version = 0;
            refusal = IsContract(http)
                ? Problems.Invalid("if-match-missing", "You must issue a conditional PATCH using 'if-match'")
                : Problems.Problem(StatusCodes.Status428PreconditionRequired, "if-match-missing", "Send If-Match with the ETag you have seen.");
            return false;
        }

        var digits = text is ['"', .. var quoted, '"'] ? quoted : text;
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out version))
        {
            refusal = Problems.Invalid("if-match-invalid", "If-Match must be the version of the entity, such as \"0\".");
            return false;
        }

        return true;
    }

    /// <summary>Answers 200 with the ETag, or 304 to a client that has this version already.</summary>
    public static IResult Versioned<T>(HttpContext http, T view, int version, string? contentType = null)
    {
        var etag = ETag(version);
        http.Response.Headers.ETag = etag;
        return HasAlready(http, etag)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Json(view, contentType: contentType);
    }

    /// <summary>Answers 201 with ETag and Location.</summary>
    public static IResult Created<T>(HttpContext http, T view, int version, string location, string? contentType = null)
    {
        http.Response.Headers.ETag = ETag(version);
        http.Response.Headers.Location = location;
        return TypedResults.Json(view, contentType: contentType, statusCode: StatusCodes.Status201Created);
    }

    private static bool HasAlready(HttpContext http, string etag) =>
        HttpMethods.IsGet(http.Request.Method)
        && EntityTagHeaderValue.TryParseList(http.Request.Headers.IfNoneMatch, out var known)
        && known.Any(tag => tag.Tag == "*" || tag.Tag == etag);

    private static bool IsContract(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<Shaped>()?.Shape == ErrorShape.Contract;
}
