using Lms.ApiFrontend.Demo;
using Lms.ApiFrontend.Security;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Users;
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
        builder.Services.AddSingleton<FirstAdministrator>();

        // After the silo, before the web server: whoever is let in finds the library complete.
        builder.Services.AddHostedService(services => new Preparation(services, isDemo));
        return builder;
    }

    private sealed class Preparation(IServiceProvider services, bool isDemo) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => isDemo
            ? services.GetRequiredService<DemoLibrary>().LoadAsync(cancellationToken)
            : services.GetRequiredService<FirstAdministrator>().EnsureAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>Lets the first administrator in: as configured, or with a password that is printed once.</summary>
internal sealed class FirstAdministrator(IGrainFactory grains, PasswordHasher passwords, IConfiguration configuration)
{
    private const string DefaultUsername = "admin@library.local";

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var configured = configuration["Lms:Admin:Username"];
        var username = Username.Of(string.IsNullOrEmpty(configured) ? DefaultUsername : configured);
        var login = grains.Login(username);
        if ((await login.FindAsync(cancellationToken)).IsAccepted)
        {
            return;
        }

        var password = configuration["Lms:Admin:Password"];
        var isGenerated = string.IsNullOrEmpty(password);
        if (isGenerated)
        {
            password = "Aa1-" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(12));
        }

        var hash = await passwords.HashAsync(password!, cancellationToken);
        if (isGenerated)
        {
            // Before it counts: a crash between the two must not leave an administrator whose password nobody saw.
            await Console.Out.WriteLineAsync($"First administrator: {username}, password {password} (shown this once)");
        }

        var registered = await login.RegisterAsync(
            new(Operation.New(), "Administrator", hash, [Roles.Admin]), cancellationToken);
        if (!registered.IsAccepted)
        {
            throw new WrongSettingException($"The first administrator is refused: {registered.Rejection.Detail}");
        }
    }
}
