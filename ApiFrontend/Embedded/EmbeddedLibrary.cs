using System.Globalization;
using Lms.ApiFrontend.Demo;
using Lms.ApiFrontend.Users;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Users;
using Lms.ServiceDefaults;
using Lms.Silo;

namespace Lms.ApiFrontend.Embedded;

/// <summary>The whole library in this process: gateway, silo and storage, without any server.</summary>
internal static class EmbeddedLibrary
{
    public static WebApplicationBuilder AddEmbeddedLibrary(
        this WebApplicationBuilder builder, DataDirectory directory, TimeZoneInfo timeZone, bool isDemo)
    {
        builder.Host.UseOrleans(silo => silo.AddLmsSilo(directory.Path, timeZone));
        builder.Services.AddSingleton(directory.MasterKey());
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
            : services.GetRequiredService<Administration>().EnsureAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>Lets the first administrator in: as configured, or with a secret that is printed and makes one, once.</summary>
internal sealed class Administration(
    IGrainFactory grains,
    FirstAdministrator administrator,
    BootstrapSecret secret,
    IServiceProvider services,
    IConfiguration configuration)
{
    private const string DefaultUsername = "admin@library.local";

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (configuration["Lms:Admin:Password"] is { Length: > 0 } password)
        {
            await MakeConfiguredAsync(password, cancellationToken);
        }
        else if (!await administrator.ExistsAsync(cancellationToken))
        {
            await LmsSilo.ReconcileAsync(services, cancellationToken);
            if (!await administrator.ExistsAsync(cancellationToken))
            {
                var (text, end) = secret.Renew();
                await Console.Out.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"First administrator: POST /api/public/bootstrap with the secret {text} (once, until {end:u}, shown here only)"));
            }
        }
    }

    private async Task MakeConfiguredAsync(string password, CancellationToken cancellationToken)
    {
        var configured = configuration["Lms:Admin:Username"];
        var username = Username.Of(string.IsNullOrEmpty(configured) ? DefaultUsername : configured);
        if ((await grains.Login(username).FindAsync(cancellationToken)).IsAccepted)
        {
            return;
        }

        var made = await administrator.MakeAsync(username, password, "Administrator", Operation.New(), cancellationToken);
        if (!made.IsAccepted)
        {
            throw new WrongSettingException($"The first administrator is refused: {made.Rejection.Detail}");
        }
    }
}
