using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lms.ApiFrontend.Status;

internal static class StatusServices
{
    /// <summary>
    /// Adds what counts requests and watches services. A gateway of a cluster adds its <see cref="GatewayRun"/> and an
    /// <see cref="IStatusStore"/> before; whoever knows more of how services are adds an <see cref="IConditionSource"/>.
    /// </summary>
    public static IServiceCollection AddStatus(this IServiceCollection services)
    {
        services.TryAddSingleton(GatewayRun.Of(Environment.MachineName));
        services.AddSingleton<RequestCounts>();
        services.AddSingleton<RecentRequests>();
        services.AddSingleton<IConditionSource>(provider => provider.GetRequiredService<RecentRequests>());
        services.AddSingleton<IConditionSource, BreakerSymptoms>();
        services.AddSingleton<RequestCounting>();
        services.AddSingleton<ServiceConditions>();
        services.AddSingleton<IServiceConditions>(provider => provider.GetRequiredService<ServiceConditions>());
        services.AddSingleton<IncidentLog>();
        services.AddSingleton<IncidentReports>();
        services.AddSingleton<SharedStatus>();
        services.AddSingleton<StatusReport>();
        services.AddHostedService<ConditionWatch>();
        services.AddHostedService<StatusSync>();
        return services;
    }
}
