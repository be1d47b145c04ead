using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.Grains.Abstractions.Users;
using Microsoft.AspNetCore.Http.HttpResults;
using Polly.CircuitBreaker;

namespace Lms.ApiFrontend.Resilience;

internal static class BreakerEndpoints
{
    private const string Isolated = "isolated";
    private const string Closed = "closed";

    public static void MapBreakers(this IEndpointRouteBuilder api)
    {
        var breakers = api.MapGroup("/admin/breakers").WithTags("Status");

        breakers.MapGet("", List).WithName("GetBreakers").For(Roles.Admin)
            .WithSummary("The breakers of this gateway: for reads and for writes of each service.")
            .Answers<Wrapped<BreakerView>>();
        breakers.MapPut("/{service}/{kind}", SetAsync).WithName("SetBreaker").For(Roles.Admin)
            .WithSummary("Isolates a service at this gateway, so that it is not asked any more, or lets it be asked again.")
            .OnlyReads() // of the library: nothing but this process changes, however often it is asked
            .Answers<BreakerView>().RefusesWithProblem(400, 404);
    }

    private static JsonHttpResult<Wrapped<BreakerView>> List(ServicePipelines pipelines) =>
        TypedResults.Json(new Wrapped<BreakerView>([.. pipelines.All.Select(BreakerView.Of)]));

    private static async Task<IResult> SetAsync(
        string service, string kind, BreakerRequest body, ServicePipelines pipelines, CancellationToken cancellationToken)
    {
        if (pipelines.All.FirstOrDefault(one => one.Service == service && one.KindName == kind) is not { } pipeline)
        {
            return Problems.Problem(StatusCodes.Status404NotFound, "breaker-unknown", "There is no such breaker.");
        }

        switch (body.State)
        {
            case Isolated:
                await pipeline.Control.IsolateAsync(cancellationToken);
                break;
            case Closed:
                await pipeline.Control.CloseAsync(cancellationToken);
                break;
            default:
                return Problems.Invalid("state-invalid", $"state is {Isolated} or {Closed}.", "state");
        }

        return TypedResults.Json(BreakerView.Of(pipeline));
    }
}

/// <param name="State">isolated or closed.</param>
internal sealed record BreakerRequest(string? State);

/// <summary>A breaker of this gateway.</summary>
/// <param name="Service">Whose calls it lets through.</param>
/// <param name="Kind">read or write.</param>
/// <param name="State">closed, open (nothing goes through for a while), half-open (one call tries) or isolated (by hand).</param>
internal sealed record BreakerView(string Service, string Kind, string State)
{
    public static BreakerView Of(ServicePipeline pipeline) => new(pipeline.Service, pipeline.KindName, NameOf(pipeline.State.CircuitState));

    public static string NameOf(CircuitState state) => state switch
    {
        CircuitState.Closed => "closed",
        CircuitState.Open => "open",
        CircuitState.HalfOpen => "half-open",
        _ => "isolated",
    };
}
