using System.Net;
using Lms.Grains;
using Lms.Grains.Abstractions;
using Lms.ReadModel.Infrastructure;
using Lms.ServiceDefaults;
using Lms.Silo.Storage;
using Npgsql;
using Orleans.Configuration;

namespace Lms.Silo.Commands;

/// <summary>
/// What belongs to a silo, for the length of a command and in no cluster. Commands that only need its services never start
/// it; one that is started must be the only silo of its library.
/// </summary>
internal static class CommandSilo
{
    public static IHost Of(NpgsqlDataSource postgres, TimeZoneInfo timeZone) => Build(silo =>
    {
        silo.UseLocalhostClustering();
        silo.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (LmsSilo.ServiceId, "command"));
        silo.Configure<EndpointOptions>(options =>
            (options.AdvertisedIPAddress, options.SiloPort, options.GatewayPort) = (IPAddress.Loopback, LmsSilo.FreePort(), 0));
        silo.Services.AddSingleton(TimeProvider.System);
        silo.Services.AddSingleton(services => new LibraryCalendar(services.GetRequiredService<TimeProvider>(), timeZone));
        silo.Services.AddSingleton(ReadModelDatabase.Postgres(postgres));
        silo.AddLibraryGrains();
        silo.AddPostgresStorage(postgres);
    });

    public static IHost Of(DataDirectory directory, TimeZoneInfo timeZone) =>
        Build(silo => silo.AddLmsSilo(directory.Path, timeZone));

    private static IHost Build(Action<ISiloBuilder> configure)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleans(configure);
        var host = builder.Build();
        WrongSettingException.ThrowIfAny(host.Services);
        return host;
    }
}
