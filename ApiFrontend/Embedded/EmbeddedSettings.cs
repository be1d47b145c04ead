using System.Net;
using Lms.ApiFrontend.Security;
using Lms.Grains.Abstractions.Users;
using Lms.ServiceDefaults;

namespace Lms.ApiFrontend.Embedded;

/// <summary>Where an embedded library lives and listens.</summary>
/// <param name="Directory">Relative to the caller's folder.</param>
/// <param name="Urls">Separated by semicolons.</param>
/// <param name="TimeZone">Whose days count.</param>
internal sealed record EmbeddedSettings(string Directory, string Urls, TimeZoneInfo TimeZone)
{
    /// <summary>
    /// Reads <c>--data</c>, <c>--urls</c> and <c>Lms:TimeZone</c>; throws <see cref="WrongSettingException"/> for what cannot
    /// be meant, the first administrator included.
    /// </summary>
    public static EmbeddedSettings Of(IConfiguration configuration, bool isDemo)
    {
        var urls = configuration["urls"] is { Length: > 0 } given ? given : "http://localhost:8080";
        if (isDemo && urls.Split(';').FirstOrDefault(url => !IsLoopback(url)) is { } open)
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

        var timeZone = configuration["Lms:TimeZone"] is { Length: > 0 } name ? name : "Europe/Lisbon";
        return new(
            configuration["data"] is { Length: > 0 } data ? data : "data",
            urls,
            TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var zone)
                ? zone
                : throw new WrongSettingException($"Lms:TimeZone: this machine knows no time zone '{timeZone}'."));
    }

    private static bool IsLoopback(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed)
        && (parsed.Host == "localhost" || (IPAddress.TryParse(parsed.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));
}
