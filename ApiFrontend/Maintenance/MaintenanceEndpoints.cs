using Lms.ApiFrontend.Errors;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Operations;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions.Maintenance;
using Lms.Grains.Abstractions.Users;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lms.ApiFrontend.Maintenance;

internal static class MaintenanceEndpoints
{
    public static void MapMaintenance(this IEndpointRouteBuilder api)
    {
        var maintenance = api.MapGroup("/admin/maintenance").WithTags("Status");

        maintenance.MapGet("", GetAsync).WithName("GetMaintenance").For(Roles.Admin)
            .WithSummary("What is announced: nothing, no writes, or nothing at all.")
            .Answers<MaintenanceView>();
        maintenance.MapPut("", SetAsync).WithName("SetMaintenance").For(Roles.Admin)
            .WithSummary("Refuses writes, or everything, until it is switched off. In force at every gateway within seconds.")
            .Answers<MaintenanceView>().RefusesWithProblem(400, 422);
    }

    /// <summary>Adds what gateways know of maintenance, and the gate that they refuse by.</summary>
    public static IServiceCollection AddMaintenance(this IServiceCollection services)
    {
        services.AddSingleton<MaintenanceWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<MaintenanceWatch>());
        return services.AddSingleton<MaintenanceGate>();
    }

    private static async Task<IResult> GetAsync(
        IGrainFactory grains, GrainCalls calls, TimeProvider clock, CancellationToken cancellationToken) =>
        TypedResults.Json(MaintenanceView.From(await FindAsync(grains, calls, cancellationToken), clock.GetUtcNow()));

    private static Task<IResult> SetAsync(
        MaintenanceRequest body,
        HttpContext http,
        IGrainFactory grains,
        GrainCalls calls,
        Commands commands,
        MaintenanceWatch watch,
        TimeProvider clock,
        CancellationToken cancellationToken) => commands.RunAsync(
            http,
            async context => body.ToCommand(context.Operation) is { } command
                ? await calls.WriteAsync(grains.Maintenance(), (grain, token) => grain.SetAsync(command, token), cancellationToken)
                : MaintenanceRejections.ModeUnknown,
            _ => "maintenance",
            async _ => await FindAsync(grains, calls, cancellationToken),
            notice => Task.FromResult(notice.IsAccepted ? Announced(notice.Value, watch, clock) : Problems.Of(notice.Rejection)));

    private static JsonHttpResult<MaintenanceView> Announced(MaintenanceNotice notice, MaintenanceWatch watch, TimeProvider clock)
    {
        watch.Announce(notice);
        return TypedResults.Json(MaintenanceView.From(notice, clock.GetUtcNow()));
    }

    private static Task<MaintenanceNotice> FindAsync(IGrainFactory grains, GrainCalls calls, CancellationToken cancellationToken) =>
        calls.ReadAsync(grains.Maintenance(), (grain, token) => grain.GetAsync(token), cancellationToken);
}
