using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;

namespace Lms.ApiFrontend.Errors;

/// <summary>Refusals that no operation makes itself, each in the shape of the operation and with the time to come back.</summary>
internal static class Refusals
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    /// <summary>Nobody knows whether it was done.</summary>
    public static IResult Unavailable(HttpContext http) =>
        Refuse(http, s_soon, code: null, "Repeat the request with the same Idempotency-Key.");

    /// <summary>It was not begun.</summary>
    public static IResult Unavailable(HttpContext http, TimeSpan wait, string code, string detail) => Refuse(http, wait, code, detail);

    /// <summary>The client has asked too often.</summary>
    public static IResult TooMany(HttpContext http, TimeSpan wait, string code, string detail)
    {
        if (ShapeOf(http) == ErrorShape.Contract)
        {
            return ContractErrors.TooMany(http, wait, code, detail);
        }

        ComeBackAfter(http, wait);
        return Problems.Problem(StatusCodes.Status429TooManyRequests, code, detail);
    }

    /// <summary>How the operation that was asked for words its errors.</summary>
    public static ErrorShape ShapeOf(HttpContext http) =>
        (http.GetEndpoint() ?? http.Features.Get<IExceptionHandlerFeature>()?.Endpoint)?.Metadata.GetMetadata<Shaped>()?.Shape
        ?? ErrorShape.Problem;

    /// <summary>Whole seconds, at least one.</summary>
    public static void ComeBackAfter(HttpContext http, TimeSpan wait) => http.Response.Headers.RetryAfter =
        Math.Ceiling(Math.Max(1, wait.TotalSeconds)).ToString("F0", CultureInfo.InvariantCulture);

    private static IResult Refuse(HttpContext http, TimeSpan wait, string? code, string detail)
    {
        ComeBackAfter(http, wait);
        return ShapeOf(http) != ErrorShape.Contract ? Problems.Problem(StatusCodes.Status503ServiceUnavailable, code ?? "unavailable", detail)
            : code is null ? ContractErrors.Unavailable(detail)
            : ContractErrors.Unavailable(detail).WithCode(code);
    }
}
