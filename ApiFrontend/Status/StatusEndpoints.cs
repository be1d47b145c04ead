using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lms.ApiFrontend.Status;

internal static class StatusEndpoints
{
    public static void MapStatus(this IEndpointRouteBuilder app)
    {
        app.MapGet("/status.json", (HttpContext http, StatusReport report) => TypedResults.Json(NowFor(http, report)))
            .WithName("GetStatus").WithTags("Status")
            .WithSummary("Tells programs how the library does, as this gateway sees it. Asks nobody else.")
            .ForAnyone().Produces<StatusView>();
        app.MapGet("/status", (HttpContext http, StatusReport report) =>
                TypedResults.Content(StatusPage.Of(NowFor(http, report)), "text/html; charset=utf-8"))
            .WithName("GetStatusPage").WithTags("Status")
            .WithSummary("Tells people how the library does, as this gateway sees it. Asks nobody else.")
            .ForAnyone().Produces<string>(StatusCodes.Status200OK, "text/html");

        // Liveness calls nobody; readiness asks only what this process knows.
        app.MapGet("/health/live", () => TypedResults.Text("live")).WithName("GetLiveness").WithTags("Status")
            .WithSummary("Answers while the process runs. Asks nobody else.")
            .ForAnyone().Produces<string>(StatusCodes.Status200OK, "text/plain");
        app.MapGet("/health/ready", IsReady).WithName("GetReadiness").WithTags("Status")
            .WithSummary("Answers 200 once this gateway can check tokens and while it is not stopping.")
            .ForAnyone().Produces<string>(StatusCodes.Status200OK, "text/plain")
            .Produces<string>(StatusCodes.Status503ServiceUnavailable, "text/plain");
        app.MapGet("/health/startup", IsReady).WithName("GetStartup").WithTags("Status")
            .WithSummary("Answers 200 once this gateway can check tokens.")
            .ForAnyone().Produces<string>(StatusCodes.Status200OK, "text/plain")
            .Produces<string>(StatusCodes.Status503ServiceUnavailable, "text/plain");
    }

    private static StatusView NowFor(HttpContext http, StatusReport report)
    {
        http.Response.Headers.CacheControl = "no-store";
        return report.Now();
    }

    private static ContentHttpResult IsReady(HttpContext http, SigningKeys keys, IHostApplicationLifetime lifetime)
    {
        if (keys.AreKnown && !lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return TypedResults.Text("ready");
        }

        Refusals.ComeBackAfter(http, TimeSpan.FromSeconds(1));
        return TypedResults.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
