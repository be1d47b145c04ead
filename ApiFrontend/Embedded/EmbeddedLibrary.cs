using Lms.ApiFrontend.Demo;
using Lms.ApiFrontend.Resilience;
using Lms.ApiFrontend.Security;
using Lms.ApiFrontend.Users;
using Lms.Silo;
using Lms.Silo.Storage;

namespace Lms.ApiFrontend.Embedded;

/// <summary>The whole library in this process: gateway, silo and storage, without any server.</summary>
internal static class EmbeddedLibrary
{
    public static WebApplicationBuilder AddEmbeddedLibrary(
        this WebApplicationBuilder builder, DataDirectory directory, TimeZoneInfo timeZone, bool isDemo)
    {
        builder.Host.UseOrleans(silo => silo.AddLmsSilo(directory.Path, timeZone));
        builder.Services.AddSingleton(new MasterKey(directory.MasterKey()));
        builder.Services.ConfigureAll<ResilienceOptions>(options => options.AttemptTimeout = TimeSpan.FromMinutes(1));
        builder.Services.AddSingleton<DemoLibrary>();
        builder.Services.AddSingleton<Administration>();

        // After the silo, before the web server: whoever is let in finds the library complete.
        builder.Services.AddHostedService(services => new Preparation(services, isDemo));
        return builder;
    }

    private sealed class Preparation(IServiceProvider services, bool isDemo) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => isDemo
            ? services.GetRequiredService<DemoLibrary>().LoadAsync(cancellationToken)
            : services.GetRequiredService<Administration>().EnsureAsync(
                token => LmsSilo.ReconcileAsync(services, token), cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
