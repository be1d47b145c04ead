using Lms.Grains;
using Lms.Grains.Abstractions;
using Lms.Grains.Changes;
using Lms.ReadModel.Infrastructure;
using Npgsql;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace Lms.Silo.Cluster;

/// <summary>A silo among others: members in Redis, states and read model in PostgreSQL.</summary>
internal static class ClusterSilo
{
    private const string MembershipSection = "Lms:Membership";

    public static ISiloBuilder AddClusterSilo(
        this ISiloBuilder silo, ClusterSettings settings, RedisMembership redis, NpgsqlDataSource postgres)
    {
        silo.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (LmsSilo.ServiceId, ClusterSettings.ClusterId));
        silo.Configure<SiloOptions>(options => options.SiloName = settings.Name);
        silo.ConfigureEndpoints(settings.Address, settings.SiloPort, settings.GatewayPort);
        silo.AddMembership(redis);
        silo.AddDirectory();
        silo.AddPools(settings.Pools);
        silo.Configure<SiloMessagingOptions>(options =>
        {
            // As long as a gateway waits at all; longer work has a timeout of its own.
            options.ResponseTimeout = TimeSpan.FromSeconds(2);

            // A grain that is stuck refuses further callers instead of collecting them.
            options.MaxEnqueuedRequestsHardLimit = 1000;
        });
        silo.Configure<ConnectionOptions>(options =>
        {
            options.OpenConnectionTimeout = TimeSpan.FromSeconds(1);
            options.ConnectionRetryDelay = TimeSpan.FromMilliseconds(250);
        });
        silo.Configure<GrainCollectionOptions>(options => options.EnableActivationSheddingOnMemoryPressure = true);
        silo.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(40));

        // Even, whatever silos measure of themselves: one that has just started is busy, and would be left empty.
        silo.Services.AddSingleton<PlacementStrategy, RandomPlacement>();

        silo.Services.AddSingleton(postgres);
        silo.Services.AddSingleton(TimeProvider.System);
        silo.Services.AddSingleton(services => new LibraryCalendar(services.GetRequiredService<TimeProvider>(), settings.TimeZone));
        silo.Services.AddSingleton(ReadModelDatabase.Postgres(postgres));
        silo.AddLibraryGrains().AddClusterSweeper();
        silo.AddPostgresStorage(postgres);
        silo.AddChangeFeed();
        if (settings.HasDashboard)
        {
            silo.AddDashboard(options => options.HideTrace = true);
        }

        return silo;
    }

    /// <summary>How the end of a silo is noticed. Also for a process that judges it before it has a silo.</summary>
    public static IServiceCollection AddMembershipOptions(this IServiceCollection services)
    {
        services.AddOptions<ClusterMembershipOptions>()
            .Configure(options =>
            {
                // The shortest that bore a machine whose cores were all taken: docs/cluster.md has the measurements. A silo that has
                // just started compiles what it is asked for first, and may not answer for a second.
                options.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                options.MinProbeTimeout = TimeSpan.FromMilliseconds(500);
                options.MaxProbeTimeout = TimeSpan.FromSeconds(1);
                options.NumMissedProbesLimit = 4;
                options.NumVotesForDeathDeclaration = 2;
                options.EnableIndirectProbes = true;

                // Otherwise a silo that froze a moment ago is protected by what it sent before.
                options.EnableConnectionLivenessCheck = false;
                options.TableRefreshTimeout = TimeSpan.FromSeconds(2);

                // A row is stale after three: silos that all start at new addresses wait no longer for the ones before.
                options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3);
                options.DeathVoteExpirationTimeout = TimeSpan.FromSeconds(30);
                options.MaxJoinAttemptTime = TimeSpan.FromSeconds(60);
                options.DefunctSiloExpiration = TimeSpan.FromHours(1);
            })
            .BindConfiguration(MembershipSection)
            .Validate(
                options => options is { ProbeTimeout.Ticks: > 0, MinProbeTimeout.Ticks: > 0, TableRefreshTimeout.Ticks: > 0 }
                    and { IAmAliveTablePublishTimeout.Ticks: > 0, DeathVoteExpirationTimeout.Ticks: > 0 },
                $"{MembershipSection}: ProbeTimeout, MinProbeTimeout, TableRefreshTimeout, IAmAliveTablePublishTimeout and DeathVoteExpirationTimeout must be longer than 0.")
            .Validate(
                options => options.MinProbeTimeout <= options.MaxProbeTimeout,
                $"{MembershipSection}: MaxProbeTimeout must be at least MinProbeTimeout.")
            .Validate(options => options.NumMissedProbesLimit > 0, $"{MembershipSection}: NumMissedProbesLimit must be at least 1.")
            .Validate(
                options => options.NumVotesForDeathDeclaration > 0 && options.NumVotesForDeathDeclaration <= options.NumProbedSilos,
                $"{MembershipSection}: NumVotesForDeathDeclaration must be at least 1, and at most NumProbedSilos.")
            .ValidateOnStart();
        return services;
    }

    private static void AddMembership(this ISiloBuilder silo, RedisMembership redis)
    {
        silo.UseRedisClustering(options => options.CreateMultiplexer = async _ => (await redis.ConnectAsync(), true));
        silo.Configure<RedisClusteringOptions>(options => options.ConfigurationOptions = new());
        silo.Services.AddMembershipOptions();

        var services = silo.Services;
        services.AddSingleton(redis);
        services.AddSingleton<SiloStamps>();
        services.AddSingleton<PeerContacts>();
        services.AddSingleton<IFatalErrorHandler, DeathExit>();
        services.Guard();
        services.AddHostedService<ConnectionWatcher>();
        services.AddHostedService<MembershipKeeper>();
    }

    /// <summary>One activation of a grain, also while members come and go: docs/decisions/0007.</summary>
    private static void AddDirectory(this ISiloBuilder silo)
    {
#pragma warning disable ORLEANSEXP003 // experimental; measured in docs/cluster.md
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003

        // A silo that is declared dead may live on, and by default nobody is given its grains for half a minute. Here it is fenced:
        // storage refuses what it writes late, and it ends when it learns of its death.
        silo.Configure<GrainDirectoryOptions>(options => options.RangeLeaseDuration = TimeSpan.Zero);
    }

    private static void Guard(this IServiceCollection services)
    {
        var table = services.Last(service => service.ServiceType == typeof(IMembershipTable));
        services.Remove(table);
        services.AddSingleton<IMembershipTable>(provider => new GuardedMembershipTable(
            (IMembershipTable)(table.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, table.ImplementationType!)),
            provider.GetRequiredService<SiloStamps>()));
    }
}
