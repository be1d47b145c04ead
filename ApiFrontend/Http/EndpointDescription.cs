using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Security;
using Lms.Grains.Abstractions.Users;
using Microsoft.AspNetCore.Mvc;

namespace Lms.ApiFrontend.Http;

/// <summary>What an endpoint tells about itself: who may call it, what it takes, and every status it answers.</summary>
internal static class EndpointDescription
{
    extension(RouteGroupBuilder group)
    {
        /// <summary>Operations of the existing clients.</summary>
        public RouteGroupBuilder OfContract() => group.WithMetadata(new Shaped(ErrorShape.Contract));
    }

    extension(RouteHandlerBuilder operation)
    {
        /// <summary>Callers must have one of the roles.</summary>
        public RouteHandlerBuilder For(params string[] roles)
        {
            operation
                .RequireAuthorization(policy => policy.RequireAuthenticatedUser().RequireRole(roles))
                .Produces(StatusCodes.Status401Unauthorized)
                .Produces(StatusCodes.Status403Forbidden);
            return roles is [Roles.Admin] ? operation.WithMetadata(new AdministratorsOnly()) : operation;
        }

        public RouteHandlerBuilder ForAnyone() => operation.AllowAnonymous();

        /// <summary>The body of success.</summary>
        public RouteHandlerBuilder Answers<T>(int status = StatusCodes.Status200OK, string contentType = "application/json") =>
            operation.Produces<T>(status, contentType).MayBeUnavailable();

        /// <summary>Success without a body, or with one that is not JSON.</summary>
        public RouteHandlerBuilder AnswersEmpty(int status = StatusCodes.Status200OK, string? contentType = null) =>
            operation.Produces(status, contentType: contentType).MayBeUnavailable();

        /// <summary>503 in the error shape of the operation, which its group knows.</summary>
        public RouteHandlerBuilder MayBeUnavailable()
        {
            operation.Finally(endpoint =>
            {
                var isContract = endpoint.Metadata.OfType<Shaped>().LastOrDefault()?.Shape == ErrorShape.Contract;
                endpoint.Metadata.Add(new ProducesResponseTypeMetadata(
                    StatusCodes.Status503ServiceUnavailable,
                    isContract ? typeof(ContractError) : typeof(ProblemDetails),
                    [isContract ? "application/json" : "application/problem+json"]));
            });
            return operation;
        }

        /// <summary>Statuses in the error shape of the existing clients.</summary>
        public RouteHandlerBuilder Refuses(params int[] statuses)
        {
            foreach (var status in statuses)
            {
                operation.Produces<ContractError>(status);
            }

            return operation;
        }

        /// <summary>Statuses as problem details.</summary>
        public RouteHandlerBuilder RefusesWithProblem(params int[] statuses)
        {
            foreach (var status in statuses)
            {
                operation.ProducesProblem(status);
            }

            return operation;
        }

        /// <summary>Changes nothing although it is no GET, so it takes no <c>Idempotency-Key</c>.</summary>
        public RouteHandlerBuilder OnlyReads() => operation.WithMetadata(new ReadsOnly());

        /// <summary>Takes form fields, with or without a file, or the same as JSON.</summary>
        public RouteHandlerBuilder TakesForm<T>() where T : notnull =>
            operation.Accepts<T>("multipart/form-data", "application/x-www-form-urlencoded", "application/json");
    }
}

/// <summary>Endpoint metadata: the operation changes nothing, whatever its method.</summary>
internal sealed record ReadsOnly;
