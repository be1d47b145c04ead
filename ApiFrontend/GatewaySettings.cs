using System.Net;
using Lms.ApiFrontend.Security;
using Lms.Grains.Abstractions.Users;
using Lms.ServiceDefaults;

namespace Lms.ApiFrontend;

/// <summary>What every gateway is told, alone or in a cluster.</summary>
internal static class GatewaySettings
{
    /// <summary>Where it listens, separated by semicolons.</summary>
    public static string UrlsOf(IConfiguration configuration) =>
        configuration["urls"] is { Length: > 0 } given ? given : "http://localhost:8080";

    /// <summary>Throws <see cref="WrongSettingException"/> for what cannot be meant.</summary>
    public static void ThrowIfWrong(IConfiguration configuration, bool isDemo)
    {
        if (isDemo && UrlsOf(configuration).Split(';').FirstOrDefault(url => !IsLoopback(url)) is { } open)
        {
            throw new WrongSettingException(
                $"--demo listens on loopback only, because its passwords are public: {open} is refused.");
        }

        if (configuration["Lms:Admin:Username"] is { Length: > 0 } username && !Username.TryParse(username, out _))
        {
            throw new WrongSettingException("Lms:Admin:Username is not an e-mail address.");
        }

        if (configuration["Lms:Admin:Password"] is { Length: > 0 } password && !PasswordRules.IsGood(password))
        {
            throw new WrongSettingException("Lms:Admin:Password does not meet the rules of passwords.");
        }
    }

    private static bool IsLoopback(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed)
        && (parsed.Host == "localhost" || (IPAddress.TryParse(parsed.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));
}
