using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lms.ApiFrontend.Status;

internal static class StatusEndpoints
{
    public static void MapStatus(this IEndpointRouteBuilder app)
    {
        app.MapGet("/status.json", () => TypedResults.Json(StatusView.Up)).WithName("GetStatus").WithTags("Status")
            .WithSummary("Tells programs whether this gateway is up.")
            .ForAnyone().Produces<StatusView>();
        app.MapGet("/status", () => TypedResults.Content(Page, "text/html; charset=utf-8")).WithName("GetStatusPage")
            .WithSummary("Tells people whether this gateway is up.")
            .WithTags("Status").ForAnyone().Produces<string>(StatusCodes.Status200OK, "text/html");

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

    private const string Page =
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <title>Library status</title>
        <h1>This gateway is up</h1>
        <p>Machines read <a href="/status.json">status.json</a>.</p>
        </html>
        """;

    private static ContentHttpResult IsReady(SigningKeys keys, IHostApplicationLifetime lifetime) =>
        keys.AreKnown && !lifetime.ApplicationStopping.IsCancellationRequested
            ? TypedResults.Text("ready")
            : TypedResults.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable);
}

/// <summary>What the gateway says about the library.</summary>
internal sealed record StatusView(string Status)
{
    public static StatusView Up { get; } = new("up");
}
