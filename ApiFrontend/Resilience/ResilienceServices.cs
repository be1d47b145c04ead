using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Resilience;

internal static class ResilienceServices
{
    /// <summary>Adds the way to the grains of every service, with numbers that are validated at the start.</summary>
    public static IServiceCollection AddResilience(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ResilienceOptions>, ResilienceOptionsValidator>();
        services.AddSingleton<IValidateOptions<ResilienceOptions>, ResilienceServicesValidator>();
        services.AddSingleton<IValidateOptions<ChaosOptions>, ChaosOptionsValidator>();
        services.AddSingleton<IValidateOptions<ReadModelOptions>, ReadModelOptionsValidator>();
        services.AddOptions<ReadModelOptions>().BindConfiguration(ReadModelOptions.Section).ValidateOnStart();
        services.AddOptions<ChaosOptions>().BindConfiguration(ChaosOptions.Section).ValidateOnStart();
        foreach (var service in ServicePipelines.Services)
        {
            services.AddOptions<ResilienceOptions>(service)
                .BindConfiguration(ResilienceOptions.Section)
                .BindConfiguration($"{ResilienceOptions.ServicesSection}:{service}")
                .ValidateOnStart();
        }

        services.AddMetrics();
        services.AddSingleton<ResilienceMetrics>();
        services.AddSingleton<PipelineFactory>();
        services.AddSingleton<ServicePipelines>();
        services.AddSingleton<GrainCalls>();
        services.AddSingleton<ReadModelPath>();
        return services;
    }
}
