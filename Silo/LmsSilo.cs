using System.Net;
using System.Net.Sockets;
using Lms.Grains;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Changes;
using Lms.Grains.Imports;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Infrastructure;
using Lms.Silo.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Storage;

namespace Lms.Silo;

/// <summary>A silo of the library, for every process that hosts one.</summary>
public static class LmsSilo
{
    /// <summary>The same for ever and everywhere: it is part of the identity of every stored state.</summary>
    public const string ServiceId = "lms";

    private const string RawStorage = "lms-raw";

    /// <summary>Adds the whole library on SQLite files in <paramref name="directory"/>: one silo, no servers.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="directory">Exists and is this process's alone.</param>
    /// <param name="timeZone">Where the library stands.</param>
    public static ISiloBuilder AddLmsSilo(this ISiloBuilder silo, string directory, TimeZoneInfo timeZone)
    {
        silo.UseLocalhostClustering();
        silo.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (ServiceId, "embedded"));
        silo.Configure<EndpointOptions>(options =>
        {
            // Nobody connects: the ports only have to be free.
            options.AdvertisedIPAddress = IPAddress.Loopback;
            options.SiloPort = FreePort();
            options.GatewayPort = 0;
        });
        var uploads = new FileUploads(Path.Combine(directory, DataDirectory.UploadsName));
        silo.Services.AddSingleton<IUploads>(uploads);
        silo.Services.AddSingleton<IUploadCleanup>(uploads);
        silo.AddLibraryGrains().AddSweepTimer();
        silo.AddChangeFeed().AddMemoryPubSubStore();
        silo.AddSqliteStorage(Path.Combine(directory, DataDirectory.StatesName));
        silo.AddReadModel($"Data Source={Path.Combine(directory, DataDirectory.ReadModelName)}");
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.TryAddSingleton(services =>
            new LibraryCalendar(services.GetRequiredService<TimeProvider>(), timeZone));
        return silo;
    }

    /// <summary>Brings the read model up to date with what is stored, before somebody relies on what it does not show.</summary>
    public static Task ReconcileAsync(IServiceProvider silo, CancellationToken cancellationToken) =>
        LibraryGrains.ReconcileAsync(silo, cancellationToken);

    /// <summary>Keeps states in one SQLite file, written in groups.</summary>
    private static void AddSqliteStorage(this ISiloBuilder silo, string path)
    {
        var states = new SqliteStates(path);
        silo.AddAdoNetGrainStorage(RawStorage, options =>
        {
            options.Invariant = "System.Data.SQLite"; // the name under which Orleans knows Microsoft.Data.Sqlite
            options.DataSource = states.Source;
        });
        silo.Services.AddSingleton<IStoredStates>(states);
        silo.Services.AddKeyedSingleton<IGrainStorage>(GrainStorage.Name, (services, _) =>
            new GroupCommit(services.GetRequiredKeyedService<IGrainStorage>(RawStorage), states));
    }

    private static void AddReadModel(this ISiloBuilder silo, string connectionString)
    {
        silo.Services.TryAddSingleton(_ => ReadModelDatabase.Sqlite(connectionString));
        silo.Services.AddHostedService<ReadModelMigration>();
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
