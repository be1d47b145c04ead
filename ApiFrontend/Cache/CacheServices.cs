using Lms.ApiFrontend.Cluster;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using ZiggyCreatures.Caching.Fusion;

namespace Lms.ApiFrontend.Cache;

internal static class CacheServices
{
    /// <summary>Adds what is remembered of the catalogue: in this process, and in <see cref="CacheRedis"/> where there is one.</summary>
    public static IServiceCollection AddCatalogueCache(this IServiceCollection services)
    {
        services.AddOptions<CacheOptions>().BindConfiguration(CacheOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CacheOptions>, CacheOptionsValidator>();
        services.AddSingleton<HedgedReads>();
        services.AddSingleton<CatalogueCache>();
        services.AddSingleton<IFusionCache>(Build);
        return services;
    }

    private static FusionCache Build(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<CacheOptions>>().Value;
        var cache = new FusionCache(
            new FusionCacheOptions
            {
                CacheName = "lms",
                CacheKeyPrefix = "lms:",
                DisableTagging = true,
                DistributedCacheCircuitBreakerDuration = TimeSpan.FromSeconds(2),
                BackplaneCircuitBreakerDuration = TimeSpan.FromSeconds(2),
                DefaultEntryOptions = EntryOptions(options),

                // That nobody answers is told by metrics and by the answers; Redis is optional.
                FailSafeActivationLogLevel = LogLevel.Debug,
                FactoryErrorsLogLevel = LogLevel.Debug,
                FactorySyntheticTimeoutsLogLevel = LogLevel.Debug,
                DistributedCacheErrorsLogLevel = LogLevel.Debug,
                DistributedCacheSyntheticTimeoutsLogLevel = LogLevel.Debug,
                BackplaneErrorsLogLevel = LogLevel.Debug,
            },
            new MemoryCache(new MemoryCacheOptions { SizeLimit = options.MaxKiB }),
            services.GetRequiredService<ILogger<FusionCache>>());
        if (services.GetService<CacheRedis>() is { } redis)
        {
            cache.SetupDistributedCache(
                new RedisCache(new RedisCacheOptions { ConnectionMultiplexerFactory = redis.ConnectAsync }),
                new KeptSerializer(services.GetRequiredService<Serializer>()));
            cache.SetupBackplane(new RedisBackplane(redis));
        }

        return cache;
    }

    private static FusionCacheEntryOptions EntryOptions(CacheOptions options) => new()
    {
        Duration = options.FreshFor,
        IsFailSafeEnabled = true,
        FailSafeMaxDuration = options.KeepFor,
        FailSafeThrottleDuration = options.FreshFor,
        FactorySoftTimeout = options.Patience,
        DistributedCacheFailSafeMaxDuration = options.KeepFor,

        // What this process has, however old, is asked of the grain and not of Redis. Who has nothing waits for Redis a little.
        SkipDistributedCacheReadWhenStale = true,
        DistributedCacheSoftTimeout = TimeSpan.FromMilliseconds(50),
        DistributedCacheHardTimeout = TimeSpan.FromMilliseconds(50),
        AllowBackgroundDistributedCacheOperations = true,
        AllowBackgroundBackplaneOperations = true,

        // Of reads nobody has to be told.
        SkipBackplaneNotifications = true,
    };
}
