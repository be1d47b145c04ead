using Lms.ApiFrontend.Changes;
using Lms.ApiFrontend.Security;
using Lms.Grains;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Changes;
using Lms.Grains.Infrastructure;
using Lms.Grains.Tests;
using Lms.ReadModel.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Lms.ApiFrontend.Tests.Library;

/// <summary>The whole library in this process: silos, a storage that obeys the test, and gateways over HTTP.</summary>
internal sealed class TestLibrary : IAsyncDisposable
{
    public const string Password = "Aa1-secret";

    // Passwords that cost nothing; and all tests come from one address.
    private static readonly (string Name, string Value)[] s_settings =
    [
        ("Lms:Passwords:MemoryKiB", "64"),
        ("Lms:Passwords:Passes", "1"),
        ("Lms:RateLimits:AnonymousPerSecond", "100000"),
        ("Lms:RateLimits:AnonymousBurst", "100000"),
        ("Lms:RateLimits:SignedInPerSecond", "100000"),
        ("Lms:RateLimits:SignedInBurst", "100000"),
    ];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lms-gateway-");
    private readonly InProcessTestCluster _cluster;
    private readonly TestStorage _stored;
    private readonly TimeProvider _clock;
    private readonly int _gateways;
    private readonly List<TestGateway> _started = [];
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public TestLibrary(
        short silos, int gateways, TimeProvider clock, Action<IServiceCollection>? configureSilo = null)
    {
        (_clock, _gateways) = (clock, gateways);
        _stored = new(clock);
        Storage = new(_stored);
        Calendar = new(clock, TimeZoneInfo.FindSystemTimeZoneById("Europe/Lisbon"));
        ReadModel = ReadModelDatabase.Sqlite($"Data Source={ReadModelFile}");
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddLibraryGrains(); // without a timer: it sweeps when a test asks for it
            silo.AddChangeFeed().AddMemoryPubSubStore();
            silo.Services.AddKeyedSingleton<IGrainStorage>(GrainStorage.Name, (services, _) =>
            {
                _stored.Serializer = services.GetRequiredService<IGrainStorageSerializer>();
                return Storage;
            });
            silo.Services.AddSingleton<IStoredStates>(_stored);
            silo.Services.AddSingleton(ReadModel);
            silo.Services.AddSingleton(Calendar);
            silo.Services.Replace(ServiceDescriptor.Singleton(clock));
            silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
            configureSilo?.Invoke(silo.Services);
        });
        builder.ConfigureClient(client => client.AddChangeFeed());
        _cluster = builder.Build();
    }

    public static MasterKey MasterKey { get; } = new(Enumerable.Range(0, MasterKey.Length).Select(i => (byte)i).ToArray());

    public LibraryCalendar Calendar { get; }

    public UnreliableStorage Storage { get; }

    public TestStorage Stored => _stored;

    public ReadModelDatabase ReadModel { get; }

    public string ReadModelFile => Path.Combine(_directory.FullName, "read-model.db");

    public IGrainFactory Grains => _cluster.Client;

    /// <summary>Addresses of the gateways.</summary>
    public IReadOnlyList<Uri> Addresses => [.. _started.Select(gateway => gateway.Address)];

    public Client Anyone { get; private set; } = null!;

    public Client Librarian { get; private set; } = null!;

    public Client Admin { get; private set; } = null!;

    public async ValueTask StartAsync()
    {
        await ReadModel.MigrateAsync(CancellationToken.None);
        await _cluster.DeployAsync();
        for (var i = 0; i < _gateways; i++)
        {
            await StartGatewayAsync();
        }

        Anyone = new(_http, [Addresses[0]]);
        (Librarian, Admin) = (await SignInAsync(Roles.Librarian), await SignInAsync(Roles.Admin));
    }

    /// <summary>One more gateway, with services, routes and settings of its own.</summary>
    public async Task<TestGateway> StartGatewayAsync(
        Action<IServiceCollection>? configure = null,
        Action<WebApplication>? map = null,
        params (string Name, string Value)[] settings)
    {
        var log = new LogRecords();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(Gateway).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        foreach (var (name, value) in s_settings.Concat(settings))
        {
            builder.Configuration[name] = value;
        }

        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(Grains);
        builder.Services.AddSingleton(_cluster.Client);
        builder.Services.AddSingleton(ReadModel);
        builder.Services.AddSingleton(Calendar);
        builder.Services.AddSingleton(MasterKey);
        builder.Services.AddSingleton(_clock);
        configure?.Invoke(builder.Services);
        var app = builder.AddGateway().Build().UseGateway();
        map?.Invoke(app);
        await app.StartAsync();
        var address = new Uri(app.Urls.First());
        _started.Add(new(app, address, new(_http, [address]), log));
        return _started[^1];
    }

    public TestGateway GatewayAt(int index) => _started[index];

    /// <summary>The same caller at another gateway.</summary>
    public Client At(int gateway, Client caller) => new(_http, [Addresses[gateway % _gateways]], caller.Token);

    /// <summary>A new user of this role, signed in.</summary>
    public async Task<Client> SignInAsync(string role)
    {
        var username = Username.Of($"{role.ToLowerInvariant()}{Any.Number}@example.org");
        var hash = await GatewayAt(0).Service<PasswordHasher>().HashAsync(Password, CancellationToken.None);
        var user = await Grains.Login(username).RegisterAsync(new(Operation.New(), "Ana Bela", hash, [role]));
        Assert.True(user.IsAccepted);
        return await SignInAsync(username.Email, Password);
    }

    public async Task<Client> SignInAsync(string username, string password)
    {
        var answer = Expect.Status(200, await Anyone.PostAsync("/api/public/login", new { username, password }));
        return Anyone.With(answer.Header("Authorization"));
    }

    /// <summary>A service of the first silo.</summary>
    public T OfSilo<T>() where T : notnull => _cluster.Silos[0].ServiceProvider.GetRequiredService<T>();

    /// <summary>Lists show every committed write from here on.</summary>
    public Task CatchUpAsync() => OfSilo<Reconciler>().ReconcileAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var gateway in _started)
        {
            await gateway.App.DisposeAsync();
        }

        await _cluster.DisposeAsync();
        await ReadModel.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}

/// <summary>One gateway: what is inside it, and a caller of it without a token.</summary>
internal sealed record TestGateway(WebApplication App, Uri Address, Client Anyone, LogRecords Log)
{
    public T Service<T>() where T : notnull => App.Services.GetRequiredService<T>();
}
