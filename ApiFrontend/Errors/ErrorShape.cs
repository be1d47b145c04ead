using Lms.ApiFrontend.Resilience;
using Microsoft.AspNetCore.Diagnostics;

namespace Lms.ApiFrontend.Errors;

/// <summary>How an operation words its errors: as the existing clients know them, or as problem details.</summary>
internal enum ErrorShape
{
    Problem = 0,
    Contract = 1,
}

/// <summary>Errors that no handler has answered, each in the shape of the operation it belongs to.</summary>
internal sealed partial class UnansweredErrors(ILogger<UnansweredErrors> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var isContract = Refusals.ShapeOf(httpContext) == ErrorShape.Contract;
        IResult? answer = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } =>
                Problems.Invalid("request-unreadable", "The request could not be read."),
            BadHttpRequestException bad => Problems.Problem(bad.StatusCode, "request-refused", "The request could not be accepted."),
            _ when GrainFaults.IsUnavailable(exception) => Refusals.Unavailable(httpContext),
            _ when isContract => TypedResults.StatusCode(StatusCodes.Status500InternalServerError),
            _ => Problems.Problem(StatusCodes.Status500InternalServerError, "unexpected", "Something went wrong."),
        };
        if (exception is not BadHttpRequestException && !GrainFaults.IsUnavailable(exception))
        {
            LogUnexpected(exception);
        }

        await answer.ExecuteAsync(httpContext);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed for a reason nobody has thought of")]
    private partial void LogUnexpected(Exception exception);
}

/// <summary>Endpoint metadata: the shape of the operation's errors.</summary>
internal sealed record Shaped(ErrorShape Shape);
