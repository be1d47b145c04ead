using System.Net;
using Lms.Chaos.Servers;
using Lms.Grains;
using Lms.Grains.Abstractions;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Infrastructure;
using Lms.Silo;
using Lms.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;
using Orleans.Storage;

namespace Lms.Postgres.Tests.Storage;

/// <summary>One silo with the whole library on a database of its own, whose role may do no more than silos need.</summary>
internal sealed class PostgresLibrary : IAsyncDisposable
{
    public const string Role = "lms";

    private readonly NpgsqlDataSource _owner;
    private readonly NpgsqlDataSource _source;
    private IHost _host = null!;
    private bool _isStopped;

    private PostgresLibrary(NpgsqlDataSource owner, NpgsqlDataSource source) => (_owner, _source) = (owner, source);

    public NpgsqlDataSource Owner => _owner;

    public ReadModelDatabase ReadModel => Service<ReadModelDatabase>();

    public IGrainFactory Grains => Service<IGrainFactory>();

    public IGrainStorage Storage => _host.Services.GetRequiredKeyedService<IGrainStorage>(GrainStorage.Name);

    public IStoredStates Stored => Service<IStoredStates>();

    public static async Task<PostgresLibrary> StartAsync(string? change = null)
    {
        var owner = await PostgresFixture.CreateDatabaseAsync();
        await PostgresFixture.CreateRoleAsync(owner, Role);
        await PostgresSchema.MigrateAsync(owner, Role, TestContext.Current.CancellationToken);
        if (change is not null)
        {
            await PostgresFixture.ExecuteAsync(owner, change);
        }

        return await OpenAsync(owner);
    }

    /// <summary>A silo on a database that is migrated; the database goes with the library.</summary>
    public static async Task<PostgresLibrary> OpenAsync(NpgsqlDataSource owner)
    {
        var library = new PostgresLibrary(owner, await PostgresFixture.OpenAsync(PostgresFixture.NameOf(owner), Role));
        await library.StartSiloAsync();
        return library;
    }

    public T Service<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    public async Task RestartAsync()
    {
        await StopSiloAsync();
        await StartSiloAsync();
    }

    /// <summary>The database stays.</summary>
    public async Task StopSiloAsync()
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopSiloAsync();
        await _source.DisposeAsync();
        await PostgresFixture.DropAsync(_owner);
    }

    private async Task StartSiloAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering();
            silo.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (LmsSilo.ServiceId, "test"));
            silo.Configure<EndpointOptions>(options =>
                (options.AdvertisedIPAddress, options.SiloPort, options.GatewayPort) = (IPAddress.Loopback, Ports.Free(), 0));
            silo.AddLibraryGrains();
            silo.AddPostgresStorage(_source);
            silo.Services.AddSingleton(ReadModelDatabase.Postgres(_source));
            silo.Services.AddSingleton(TimeProvider.System);
            silo.Services.AddSingleton(new LibraryCalendar(TimeProvider.System, TimeZoneInfo.Utc));
        });
        _host = builder.Build();
        await _host.StartAsync(TestContext.Current.CancellationToken);
        _isStopped = false;
    }
}
