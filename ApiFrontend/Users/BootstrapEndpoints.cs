using System.Globalization;
using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Operations;
using Lms.ApiFrontend.Security;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Users;

namespace Lms.ApiFrontend.Users;

internal static class BootstrapEndpoints
{
    // Guesses count together, whoever is said to become administrator.
    private const string Account = "bootstrap";

    public static void MapBootstrap(this IEndpointRouteBuilder api) =>
        api.MapGroup("/public").WithTags("Users").MapPost("/bootstrap", BootstrapAsync).WithName("Bootstrap").ForAnyone()
            .WithSummary("Makes the first administrator, with the secret that the start of an empty library prints.")
            .Answers<UserView>(StatusCodes.Status201Created).RefusesWithProblem(400, 403, 409, 422, 429);

    private static async Task<IResult> BootstrapAsync(
        BootstrapRequest body,
        HttpContext http,
        Commands commands,
        BootstrapSecret secret,
        SignInThrottle throttle,
        FirstAdministrator first,
        CancellationToken cancellationToken)
    {
        using var attempt = throttle.Admit(Account, http.Connection.RemoteIpAddress);
        if (!attempt.IsAdmitted)
        {
            http.Response.Headers.RetryAfter = Math.Ceiling(attempt.Wait.TotalSeconds).ToString("F0", CultureInfo.InvariantCulture);
            return Problems.Problem(
                StatusCodes.Status429TooManyRequests, "bootstrap-throttled", "Too many secrets were wrong. Try again later.");
        }

        return await commands.RunAsync(
            http,
            context => MakeAsync(context.Operation),
            user => user.Id.ToString(),
            id => first.GetAsync(UserId.Of(id), cancellationToken),
            user => Task.FromResult(user.IsAccepted
                ? TypedResults.Json(
                    new UserView(user.Value.Id.ToString(), user.Value.Username, user.Value.FullName),
                    statusCode: StatusCodes.Status201Created)
                : Problems.Of(user.Rejection)));

        async Task<Result<User>> MakeAsync(Operation operation)
        {
            if (await first.ExistsAsync(cancellationToken))
            {
                return BootstrapRejections.Done;
            }

            var made = await secret.UseAsync(
                body.Secret,
                () => first.MakeAsync(body, operation, cancellationToken),
                user => user.IsAccepted,
                () => BootstrapRejections.Wrong,
                cancellationToken);
            if (made.Rejection == BootstrapRejections.Wrong)
            {
                attempt.Fail();
            }

            return made;
        }
    }
}
