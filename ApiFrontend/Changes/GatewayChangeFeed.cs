using Lms.Grains.Abstractions.Changes;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lms.ApiFrontend.Changes;

/// <summary>The feed of changes, at gateways.</summary>
internal static class GatewayChangeFeed
{
    /// <summary>The stream, for a gateway that is a client. One with a silo in its process has the silo's.</summary>
    public static IClientBuilder AddChangeFeed(this IClientBuilder client) =>
        client.AddMemoryStreams(ChangeFeed.Provider, streams => streams.ConfigurePartitioning(ChangeFeed.Queues));

    /// <summary>Follows the stream in the background, by the client of the cluster, if there is one at the time.</summary>
    public static IServiceCollection AddLiveChanges(this IServiceCollection services)
    {
        services.TryAddSingleton<Func<IClusterClient?>>(provider => provider.GetService<IClusterClient>);
        services.AddSingleton<LiveChanges>();
        return services.AddHostedService(provider => provider.GetRequiredService<LiveChanges>());
    }
}
