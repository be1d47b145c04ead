using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Changes;
using Lms.Grains.Changes;
using Lms.Grains.Infrastructure;
using Lms.ReadModel.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Lms.Grains.Tests;

/// <summary>The whole library in a few silos, with a clock and a storage that obey the test.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lms-grains-");
    private readonly InProcessTestCluster _cluster;

    public TestCluster(
        short silos, Action<IServiceCollection>? configure = null, Action<string, ISiloBuilder>? configureSilo = null)
    {
        Storage = new(Clock);
        Calendar = new(Clock, TimeZoneInfo.FindSystemTimeZoneById("Europe/Lisbon"));
        ReadModel = ReadModelDatabase.Sqlite($"Data Source={ReadModelFile}");
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((options, silo) =>
        {
            silo.AddLibraryGrains(); // without a timer: it sweeps when a test asks for it
            silo.AddChangeFeed().AddMemoryPubSubStore();
            silo.Services.AddKeyedSingleton<IGrainStorage>(GrainStorage.Name, (services, _) =>
            {
                Storage.Serializer = services.GetRequiredService<IGrainStorageSerializer>();
                return Storage;
            });
            silo.Services.AddSingleton<IStoredStates>(Storage);
            silo.Services.AddSingleton(ReadModel);
            silo.Services.AddSingleton(Calendar);
            silo.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
            configure?.Invoke(silo.Services);
            configureSilo?.Invoke(options.SiloName, silo);
        });
        builder.ConfigureClient(client => client.AddMemoryStreams(
            ChangeFeed.Provider, streams => streams.ConfigurePartitioning(ChangeFeed.Queues)));
        _cluster = builder.Build();
    }

    /// <summary>A Monday morning in winter, when Lisbon and UTC agree.</summary>
    public FakeTimeProvider Clock { get; } = new(new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));

    public LibraryCalendar Calendar { get; }

    public TestStorage Storage { get; }

    public ReadModelDatabase ReadModel { get; }

    public string ReadModelFile => Path.Combine(_directory.FullName, "read-model.db");

    public IGrainFactory Grains => _cluster.Client;

    public IClusterClient Client => _cluster.Client;

    public async ValueTask StartAsync()
    {
        await ReadModel.MigrateAsync(CancellationToken.None);
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await ReadModel.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    public IEnumerable<string> SiloNames => _cluster.Silos.Select(silo => silo.Name);

    /// <summary>The name of the silo where a grain is active; null where it is not.</summary>
    public string? SiloOf(IAddressable grain) => _cluster.TryGetGrainContext(grain.GetGrainId(), out var context)
        ? _cluster.Silos.Single(silo => silo.SiloAddress.Equals(context.Address.SiloAddress)).Name
        : null;

    /// <summary>Completes when the present activation of a grain has ended.</summary>
    public Task UntilEndedAsync(IAddressable grain) => _cluster.WaitForDeactivationAsync(grain);

    public Task StopSiloAsync(string name) => _cluster.StopSiloAsync(_cluster.Silos.Single(silo => silo.Name == name));

    /// <summary>Waits until all silos know what they learn from each other.</summary>
    public async Task UntilAsync(Func<IServiceProvider, bool> isSo)
    {
        while (!_cluster.Silos.All(silo => isSo(silo.ServiceProvider)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    /// <summary>A service of the first silo.</summary>
    public T Service<T>() where T : notnull => _cluster.Silos[0].ServiceProvider.GetRequiredService<T>();

    /// <summary>Ends the activation of a grain, if there is one: what it had in memory only is gone.</summary>
    public async Task ForgetAsync(IAddressable grain)
    {
        if (_cluster.TryGetGrainContext(grain.GetGrainId(), out _))
        {
            await _cluster.DeactivateAsync(grain);
        }
    }

    public Task SweepAsync(CancellationToken cancellationToken) => Service<Sweeper>().SweepAsync(cancellationToken);
}
