using Lms.Silo.Cluster;

namespace Lms.ApiFrontend.Embedded;

/// <summary>Where an embedded library lives and listens.</summary>
/// <param name="Directory">Relative to the caller's folder.</param>
/// <param name="Urls">Separated by semicolons.</param>
/// <param name="TimeZone">Whose days count.</param>
internal sealed record EmbeddedSettings(string Directory, string Urls, TimeZoneInfo TimeZone)
{
    /// <summary>
    /// Reads <c>--data</c>, <c>--urls</c> and <c>Lms:TimeZone</c>; throws <see cref="ServiceDefaults.WrongSettingException"/> for
    /// what cannot be meant, the first administrator included.
    /// </summary>
    public static EmbeddedSettings Of(IConfiguration configuration, bool isDemo)
    {
        GatewaySettings.ThrowIfWrong(configuration, isDemo);
        return new(
            configuration["data"] is { Length: > 0 } data ? data : "data",
            GatewaySettings.UrlsOf(configuration),
            ClusterSettings.TimeZoneOf(configuration));
    }
}
