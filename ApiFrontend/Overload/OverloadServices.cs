using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Overload;

internal static class OverloadServices
{
    /// <summary>Adds what keeps requests out that there is no room for.</summary>
    public static IServiceCollection AddOverload(this IServiceCollection services)
    {
        services.AddOptions<OverloadOptions>().BindConfiguration(OverloadOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<OverloadOptions>, OverloadOptionsValidator>();
        services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RateLimitOptions>, RateLimitOptionsValidator>();
        services.AddSingleton<Admission>();
        services.AddSingleton<RateLimits>();
        return services;
    }
}
