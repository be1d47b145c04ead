using Lms.ApiFrontend.Changes;
using Lms.ApiFrontend.Demo;
using Lms.ApiFrontend.Resilience;
using Lms.ApiFrontend.Security;
using Lms.ApiFrontend.Status;
using Lms.ApiFrontend.Users;
using Lms.Grains.Abstractions;
using Lms.ReadModel.Infrastructure;
using Lms.ServiceDefaults;
using Lms.Silo;
using Lms.Silo.Cluster;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Serialization;
using StackExchange.Redis;

namespace Lms.ApiFrontend.Cluster;

/// <summary>A gateway of a cluster: a client of its silos, which answers whether or not any of them lives.</summary>
internal static class ClusterGateway
{
    /// <summary>The key of the connections to the replica.</summary>
    private const string Replica = "replica";

    public static WebApplicationBuilder AddClusterGateway(this WebApplicationBuilder builder, bool isDemo)
    {
        GatewaySettings.ThrowIfWrong(builder.Configuration, isDemo);
        builder.AddTracing("lms-gateway").AddMetrics();
        var settings = ClusterSettings.Of(builder.Configuration);
        var services = builder.Services;
        builder.WebHost.UseUrls($"{GatewaySettings.UrlsOf(builder.Configuration)};{settings.InternalUrls}");
        services.AddSingleton(settings);
        services.AddDrain(settings.InternalPorts);
        if (settings.HasDashboard)
        {
            services.AddDashboard(builder.Configuration);
        }

        services.AddSingleton(new MasterKey(ClusterSettings.MasterKeyOf(builder.Configuration)));
        services.AddSingleton(_ => PostgresSource.Of(settings.Postgres));
        if (settings.PostgresReplica is { } replica)
        {
            services.AddKeyedSingleton(Replica, (_, _) => PostgresSource.Of(replica));
        }

        services.AddSingleton(provider => ReadModelDatabase.Postgres(
            provider.GetRequiredService<NpgsqlDataSource>(),
            provider.GetRequiredService<ReadModelPath>(),
            provider.GetKeyedService<NpgsqlDataSource>(Replica)));
        services.AddSingleton(GatewayRun.Of(settings.Name));
        services.AddSingleton<IStatusStore, PostgresStatus>();
        services.AddSingleton(provider => new LibraryCalendar(provider.GetRequiredService<TimeProvider>(), settings.TimeZone));
        services.AddSingleton(provider => new InnerHost(
            "client of the silos",
            _ => Task.FromResult(BuildClient(provider, settings)),
            provider.GetRequiredService<ILogger<InnerHost>>()));
        services.AddHostedService(provider => provider.GetRequiredService<InnerHost>());
        if (settings.RedisCache is { } redis)
        {
            services.AddSingleton(_ => new CacheRedis(redis));
        }

        services.AddSerializer();
        services.AddSingleton<IGrainFactory, ClusterGrains>();
        services.AddSingleton<Func<IClusterClient?>>(provider =>
            () => provider.GetRequiredService<InnerHost>().Services?.GetRequiredService<IClusterClient>());
        services.AddSingleton<DemoLibrary>();
        services.AddSingleton<Administration>();
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<Preparation>(provider, new Demo(isDemo)));
        return builder;
    }

    private static void AddDrain(this IServiceCollection services, IReadOnlyList<int> internalPorts)
    {
        services.AddOptions<DrainOptions>().BindConfiguration(DrainOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DrainOptions>, DrainOptionsValidator>();
        services.AddSingleton<Drain>();
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddSingleton<IConnectionListenerFactory>(
            provider => ActivatorUtilities.CreateInstance<Drain.Listeners>(provider, internalPorts));
    }

    private static IHost BuildClient(IServiceProvider outer, ClusterSettings settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(outer.GetRequiredService<ILoggerFactory>());
        builder.Services.AddSingleton<IHostLifetime, InnerLifetime>();
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (LmsSilo.ServiceId, ClusterSettings.ClusterId));
            client.UseRedisClustering(options =>
            {
                options.ConfigurationOptions = ConfigurationOptions.Parse(settings.RedisMembership);
                options.ConfigurationOptions.AbortOnConnectFail = false; // it comes, and comes back
            });
            client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1));
            client.Configure<ClientMessagingOptions>(options =>
            {
                options.ResponseTimeout = TimeSpan.FromSeconds(2);
                options.CancelRequestOnTimeout = true;
            });
            client.Configure<ConnectionOptions>(options =>
            {
                options.OpenConnectionTimeout = TimeSpan.FromSeconds(1);
                options.ConnectionRetryDelay = TimeSpan.FromMilliseconds(250);
            });
            client.AddActivityPropagation();
            client.AddChangeFeed();
            client.UseConnectionRetryFilter(async (_, token) =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), token);
                return true;
            });
        });
        return builder.Build();
    }

    private sealed record Demo(bool IsWanted);

    /// <summary>What a new library needs, as soon as there are silos: people who can sign in.</summary>
    private sealed class Preparation(
        Demo demo, InnerHost client, DemoLibrary library, Administration administration, ILogger<InnerHost> logger) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await client.Started.WaitAsync(stoppingToken);
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    await (demo.IsWanted ? library.LoadAsync(stoppingToken) : administration.EnsureConfiguredAsync(stoppingToken));
                    return;
                }
                catch (Exception exception) when (GrainFaults.IsUnavailable(exception))
                {
                    // All of it can be repeated: whatever is there already stays as it is.
                    LogWaiting(logger, exception);
                    await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
                }
            }
        }

        private static readonly Action<ILogger, Exception?> s_waiting = LoggerMessage.Define(
            LogLevel.Warning, new EventId(1, "Preparing"), "The library cannot be prepared yet; it is tried again");

        private static void LogWaiting(ILogger logger, Exception exception) => s_waiting(logger, exception);
    }
}
