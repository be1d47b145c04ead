using Microsoft.Extensions.Configuration;

namespace Lms.ServiceDefaults;

/// <summary>
/// Settings that do not belong into an environment, which is inherited and printed: a file each, in a folder as Kubernetes
/// makes it of a Secret. The name of a file is that of the setting, with two underscores for a colon; they win over all others.
/// </summary>
public static class SecretFiles
{
    private const string Setting = "Lms:SecretsDirectory";

    /// <summary>Reads them where <c>Lms:SecretsDirectory</c> says; throws <see cref="WrongSettingException"/> when there is no folder.</summary>
    public static IConfigurationManager AddSecretFiles(this IConfigurationManager configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration[Setting] is { Length: > 0 } folder)
        {
            if (!Directory.Exists(folder))
            {
                throw new WrongSettingException($"{Setting}: there is no folder '{folder}'.");
            }

            configuration.AddKeyPerFile(Path.GetFullPath(folder));
        }

        return configuration;
    }
}
