using Lms.ApiFrontend.Cache;
using Lms.ApiFrontend.Overload;
using Lms.ApiFrontend.Resilience;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Lms.ApiFrontend.Tests.Resilience;

/// <summary>The pipelines of a gateway, without a gateway around them.</summary>
internal static class TestPipelines
{
    /// <param name="clock">Whose time counts.</param>
    /// <param name="settings">Below <c>Lms:</c>.</param>
    public static ServiceProvider Of(TimeProvider clock, params (string Name, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Lms:{setting.Name}", (string?)setting.Value)))
            .Build());
        services.AddSingleton(clock);
        services.AddLogging();
        services.AddResilience();
        services.AddCatalogueCache();
        services.AddOverload();
        return services.BuildServiceProvider();
    }

    public static GrainCalls Calls(TimeProvider clock, params (string Name, string Value)[] settings) =>
        Of(clock, settings).GetRequiredService<GrainCalls>();
}
