using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Journal;

internal static class JournalServices
{
    /// <summary>Adds returns that are accepted for later, for a gateway that has a folder for them.</summary>
    public static IServiceCollection AddReturnJournal(this IServiceCollection services)
    {
        services.AddOptions<JournalOptions>().BindConfiguration(JournalOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<JournalOptions>, JournalOptionsValidator>();
        services.AddMetrics();
        services.TryAddSingleton<JournalDisk>();
        services.AddSingleton<JournalMetrics>();
        services.AddSingleton<ReturnJournal>();
        services.AddSingleton<DeferredReturns>();
        services.AddSingleton<ReturnReplay>();
        services.AddHostedService(provider => provider.GetRequiredService<ReturnReplay>());
        return services;
    }
}
