using Lms.Grains.Abstractions.Changes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace Lms.Grains.Changes;

/// <summary>The feed of changes, at silos.</summary>
public static class SiloChangeFeed
{
    /// <summary>Where Orleans keeps who listens to which stream. Durable in a cluster, so that listeners outlive silos.</summary>
    public const string PubSubStore = "PubSubStore";

    /// <summary>Publishes what is committed. The silo adds the storage <see cref="PubSubStore"/>.</summary>
    public static ISiloBuilder AddChangeFeed(this ISiloBuilder silo)
    {
        silo.AddMemoryStreams(ChangeFeed.Provider, streams => streams.ConfigurePartitioning(ChangeFeed.Queues));
        silo.Services.TryAddSingleton<ChangeStream>();
        silo.Services.AddSingleton<ChangePublisher>();
        silo.Services.Replace(ServiceDescriptor.Singleton<IChanges>(
            services => services.GetRequiredService<ChangePublisher>()));
        silo.Services.AddHostedService(services => services.GetRequiredService<ChangePublisher>());
        return silo;
    }

    /// <summary>Keeps who listens in memory: listeners in the same process end with it.</summary>
    public static ISiloBuilder AddMemoryPubSubStore(this ISiloBuilder silo)
    {
        silo.AddMemoryGrainStorage(PubSubStore);
        silo.Services.AddOptions<MemoryGrainStorageOptions>(PubSubStore)
            .Configure<Serializer>((options, serializer) => options.GrainStorageSerializer = SerializerOf(serializer));
        return silo;
    }

    /// <summary>What the storage <see cref="PubSubStore"/> must write with: Orleans' own states there are not for JSON.</summary>
    public static IGrainStorageSerializer SerializerOf(Serializer serializer) => new OrleansGrainStorageSerializer(serializer);
}
