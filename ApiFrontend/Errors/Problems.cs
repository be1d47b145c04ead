using Lms.Grains.Abstractions;

namespace Lms.ApiFrontend.Errors;

/// <summary>The errors of new operations: RFC 9457 problem details with a stable code.</summary>
internal static class Problems
{
    public static IResult Of(Rejection rejection) => Problem(
        rejection.Kind switch
        {
            RejectionKind.NotFound => StatusCodes.Status404NotFound,
            RejectionKind.Conflict => StatusCodes.Status409Conflict,
            RejectionKind.Forbidden => StatusCodes.Status403Forbidden,
            _ => StatusCodes.Status400BadRequest,
        },
        rejection.Code,
        rejection.Detail,
        rejection.Field);

    public static IResult Invalid(string code, string detail, string? field = null) =>
        Problem(StatusCodes.Status400BadRequest, code, detail, field);

    public static IResult Problem(int status, string code, string detail, string? field = null)
    {
        var extensions = new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = code };
        if (field is not null)
        {
            extensions["errors"] = new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [detail] };
        }

        return TypedResults.Problem(detail, statusCode: status, type: $"urn:lms:{code}", extensions: extensions);
    }
}
