using Lms.Grains.Abstractions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lms.ApiFrontend.Errors;

/// <summary>The error body of the existing clients.</summary>
/// <param name="Message">One of a few fixed sentences.</param>
/// <param name="Details">Texts, or objects as the contract lists them.</param>
internal sealed record ContractError(string Message, object[] Details);

/// <summary>The errors of the 49 operations, in the words that clients compare.</summary>
internal static class ContractErrors
{
    /// <summary>The stable code of a refusal: bodies of the 49 operations have no room for it.</summary>
    public const string CodeHeader = "Lms-Code";

    public static IResult BadRequest(string detail) => Error(StatusCodes.Status400BadRequest, "Bad Request", detail);

    public static IResult Validation(string detail) =>
        Error(StatusCodes.Status400BadRequest, "Bad Request: Validation Failed", detail);

    /// <summary>A field of a JSON body breaks a rule of form.</summary>
    /// <param name="objectName">What the body is, in camel case.</param>
    /// <param name="field">The field at fault.</param>
    /// <param name="rejectedValue">What it was; never a password.</param>
    /// <param name="message">What is wrong with it.</param>
    public static IResult Field(string objectName, string field, object? rejectedValue, string message) => Error(
        StatusCodes.Status400BadRequest,
        "Method argument validation failed",
        new { objectName, field, rejectedValue, errorMessage = message });

    public static IResult Mismatch(string name, string? value, string message) => new Coded(
        Json(StatusCodes.Status400BadRequest, "Method argument type mismatch",
            new { paramName = name }, new { paramValue = value }, new { errorMessage = message }),
        Code: null);

    public static IResult AccessDenied(string detail) => Error(StatusCodes.Status403Forbidden, "Access denied!", detail);

    public static IResult NotFound(string detail) => Error(StatusCodes.Status404NotFound, "Not found", detail);

    public static IResult Conflict(string error) => new Coded(
        Json(StatusCodes.Status409Conflict, "Conflict",
            new { message = "Object was updated by another user" }, new { error }),
        Code: null);

    public static IResult Unavailable(string detail) =>
        Error(StatusCodes.Status503ServiceUnavailable, "Service unavailable", detail);

    /// <summary>429, and when to come back.</summary>
    public static IResult TooMany(HttpContext http, TimeSpan wait, string code, string detail)
    {
        Refusals.ComeBackAfter(http, wait);
        return Error(StatusCodes.Status429TooManyRequests, "Too many requests", detail).WithCode(code);
    }

    /// <summary>A refusal as the contract shows it: the kind gives the status, so a new code needs no mapping.</summary>
    public static IResult Of(Rejection rejection) => new Coded(
        rejection.Kind switch
        {
            RejectionKind.NotFound => NotFound(rejection.Detail),
            RejectionKind.Conflict => Conflict(rejection.Detail),
            RejectionKind.Forbidden => AccessDenied(rejection.Detail),
            _ => BadRequest(rejection.Detail),
        },
        rejection.Code);

    /// <summary>The refusals of lending a book have a sentence of their own.</summary>
    public static IResult OfLending(Rejection rejection) => rejection.Kind == RejectionKind.Forbidden
        ? new Coded(Error(StatusCodes.Status403Forbidden, "Lending forbidden!", rejection.Detail), rejection.Code)
        : Of(rejection);

    /// <summary>Adds the stable code to an answer that has its own shape.</summary>
    public static IResult WithCode(this IResult result, string code) => new Coded(result, code);

    private static JsonHttpResult<ContractError> Error(int status, string message, object detail) => Json(status, message, detail);

    private static JsonHttpResult<ContractError> Json(int status, string message, params object[] details) =>
        TypedResults.Json(new ContractError(message, details), statusCode: status);

    private sealed record Coded(IResult Inner, string? Code) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (Code is not null)
            {
                httpContext.Response.Headers[CodeHeader] = Code;
            }

            return Inner.ExecuteAsync(httpContext);
        }
    }
}
