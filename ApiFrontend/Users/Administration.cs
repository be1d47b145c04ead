using System.Globalization;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Users;
using Lms.ServiceDefaults;

namespace Lms.ApiFrontend.Users;

/// <summary>Lets the first administrator in: as configured, or with a secret that is printed and makes one, once.</summary>
internal sealed class Administration(
    IGrainFactory grains,
    FirstAdministrator administrator,
    BootstrapSecret secret,
    IConfiguration configuration)
{
    private const string DefaultUsername = "admin@library.local";

    /// <summary>With a secret if the configuration names none.</summary>
    /// <param name="reconcileAsync">Brings the read model up to date before its "no" is believed.</param>
    public async Task EnsureAsync(Func<CancellationToken, Task> reconcileAsync, CancellationToken cancellationToken)
    {
        if (!await EnsureConfiguredAsync(cancellationToken) && !await administrator.ExistsAsync(cancellationToken))
        {
            await reconcileAsync(cancellationToken);
            if (!await administrator.ExistsAsync(cancellationToken))
            {
                var (text, end) = secret.Renew();
                await Console.Out.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"First administrator: POST /api/public/bootstrap with the secret {text} (once, until {end:u}, shown here only)"));
            }
        }
    }

    /// <summary>False when the configuration names no administrator.</summary>
    public async Task<bool> EnsureConfiguredAsync(CancellationToken cancellationToken)
    {
        if (configuration["Lms:Admin:Password"] is not { Length: > 0 } password)
        {
            return false;
        }

        var configured = configuration["Lms:Admin:Username"];
        var username = Username.Of(string.IsNullOrEmpty(configured) ? DefaultUsername : configured);
        if ((await grains.Login(username).FindAsync(cancellationToken)).IsAccepted)
        {
            return true;
        }

        var made = await administrator.MakeAsync(username, password, "Administrator", Operation.New(), cancellationToken);
        if (!made.IsAccepted && !(await grains.Login(username).FindAsync(cancellationToken)).IsAccepted)
        {
            // Not because another gateway that started at the same time was quicker.
            throw new WrongSettingException($"The first administrator is refused: {made.Rejection.Detail}");
        }

        return true;
    }
}
