using System.Globalization;
using System.Net;
using Lms.ServiceDefaults;
using Lms.Silo.Storage;
using StackExchange.Redis;

namespace Lms.Silo.Cluster;

/// <summary>What a process of a cluster is told: where the servers are, and who it is itself.</summary>
/// <param name="Postgres">The connection string of the states and the read model.</param>
/// <param name="PostgresReplica">The connection string of a copy that gateways query while the other is silent; null where there is none.</param>
/// <param name="RedisMembership">The connection string of the Redis that knows the members.</param>
/// <param name="RedisCache">The connection string of the Redis in which gateways share what they remember; null where there is none.</param>
/// <param name="Name">The process's own name: that of its pod where there is one.</param>
/// <param name="Address">Where the other processes reach it.</param>
/// <param name="SiloPort">For other silos.</param>
/// <param name="GatewayPort">For gateways.</param>
/// <param name="InternalUrls">Where it tells operators how it is.</param>
/// <param name="TimeZone">Whose days count.</param>
/// <param name="MigratesByItself">Whether it brings the schema up to date instead of waiting for somebody to do it.</param>
/// <param name="HasDashboard">Whether silos collect what the dashboard of Orleans shows, and gateways show it to administrators.</param>
/// <param name="Pools">Which services a silo is for.</param>
public sealed record ClusterSettings(
    string Postgres,
    string? PostgresReplica,
    string RedisMembership,
    string? RedisCache,
    string Name,
    IPAddress Address,
    int SiloPort,
    int GatewayPort,
    string InternalUrls,
    TimeZoneInfo TimeZone,
    bool MigratesByItself,
    bool HasDashboard,
    PoolSettings Pools)
{
    /// <summary>One cluster for the whole library; its servers tell one library from another.</summary>
    public const string ClusterId = "lms";

    private const string PostgresKey = "Postgres";
    private const string PostgresReplicaKey = "PostgresReplica";
    private const string RedisKey = "RedisMembership";
    private const string RedisCacheKey = "RedisCache";

    public const string MasterKey = "Lms:MasterKey";

    /// <summary>From the port of a silo to that of its connection watcher.</summary>
    public const int WatcherOffset = 2000;

    /// <summary>Where only operators and probes come.</summary>
    public IReadOnlyList<int> InternalPorts => [.. InternalUrls.Split(';').Select(url => BindingAddress.Parse(url).Port)];

    /// <summary>True when the configuration means a cluster, be it complete or not.</summary>
    public static bool AreIn(IConfiguration configuration) =>
        configuration.GetConnectionString(PostgresKey) is { Length: > 0 }
        || configuration.GetConnectionString(RedisKey) is { Length: > 0 };

    /// <summary>Reads and judges; throws <see cref="WrongSettingException"/> for what cannot be meant.</summary>
    public static ClusterSettings Of(IConfiguration configuration) => new(
        PostgresOf(configuration),
        configuration.GetConnectionString(PostgresReplicaKey) is { Length: > 0 } replica ? PostgresSource.Valid(PostgresReplicaKey, replica) : null,
        Redis(RedisKey, Required(configuration, RedisKey, PostgresKey)),
        configuration.GetConnectionString(RedisCacheKey) is { Length: > 0 } cache ? Redis(RedisCacheKey, cache) : null,
        configuration["POD_NAME"] is { Length: > 0 } name ? name : Environment.MachineName,
        AddressOf(configuration["POD_IP"]),
        Port(configuration, "Lms:SiloPort", 11111),
        Port(configuration, "Lms:GatewayPort", 30000),
        InternalUrlsOf(configuration),
        TimeZoneOf(configuration),
        Switch(configuration, "Lms:Migrations:Automatic"),
        Switch(configuration, "Lms:Dashboard"),
        PoolSettings.Of(configuration));

    /// <summary>The connection string of PostgreSQL alone, for commands that need no more.</summary>
    public static string PostgresOf(IConfiguration configuration) =>
        PostgresSource.Valid(PostgresKey, Required(configuration, PostgresKey, RedisKey));

    /// <summary>Where the library stands; throws <see cref="WrongSettingException"/> for a place nobody knows.</summary>
    public static TimeZoneInfo TimeZoneOf(IConfiguration configuration)
    {
        var name = configuration["Lms:TimeZone"] is { Length: > 0 } given ? given : "Europe/Lisbon";
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : throw new WrongSettingException($"Lms:TimeZone: this machine knows no time zone '{name}'.");
    }

    /// <summary>The secret of the gateways; throws <see cref="WrongSettingException"/> when it is none. Silos do not ask for it.</summary>
    public static byte[] MasterKeyOf(IConfiguration configuration)
    {
        var bytes = new byte[DataDirectory.MasterKeyLength + 1];
        return Convert.TryFromBase64String(configuration[MasterKey] ?? "", bytes, out var length)
            && length == DataDirectory.MasterKeyLength
                ? bytes[..length]
                : throw new WrongSettingException(
                    $"{MasterKey} is not {DataDirectory.MasterKeyLength} bytes in Base64. All gateways of a cluster share one; make it with: openssl rand -base64 {DataDirectory.MasterKeyLength}");
    }

    /// <summary>The secret of the gateways where a command was told it.</summary>
    internal static byte[]? ConfiguredMasterKeyOf(IConfiguration configuration) =>
        configuration[MasterKey] is { Length: > 0 } ? MasterKeyOf(configuration) : null;

    private static string Redis(string key, string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0
                ? text
                : throw new WrongSettingException($"ConnectionStrings:{key} names no host.");
        }
        catch (ArgumentException exception)
        {
            throw new WrongSettingException($"ConnectionStrings:{key}: {exception.Message}", exception);
        }
    }

    private static string Required(IConfiguration configuration, string key, string other) =>
        configuration.GetConnectionString(key) is { Length: > 0 } text
            ? text
            : throw new WrongSettingException(
                $"ConnectionStrings:{key} is missing: a cluster needs it and ConnectionStrings:{other}. Without both the library is embedded.");

    private static IPAddress AddressOf(string? text) => text switch
    {
        null or "" => IPAddress.Loopback,
        _ when IPAddress.TryParse(text, out var address) => address,
        _ => throw new WrongSettingException($"POD_IP is no address: '{text}'."),
    };

    private static int Port(IConfiguration configuration, string key, int otherwise) => configuration[key] switch
    {
        null or "" => otherwise,
        var text when int.TryParse(text, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 - WatcherOffset => port,
        var text => throw new WrongSettingException($"{key} is no port from 1 to {65535 - WatcherOffset}: '{text}'."),
    };

    private static bool Switch(IConfiguration configuration, string key) => configuration[key] switch
    {
        null or "" => false,
        var text when bool.TryParse(text, out var isOn) => isOn,
        var text => throw new WrongSettingException($"{key} is neither true nor false: '{text}'."),
    };

    private static string InternalUrlsOf(IConfiguration configuration)
    {
        var urls = configuration["Lms:InternalUrls"] is { Length: > 0 } given ? given : "http://localhost:8081";
        return urls.Split(';').FirstOrDefault(url => !IsUrl(url)) is { } wrong
            ? throw new WrongSettingException($"Lms:InternalUrls: '{wrong}' is no URL.")
            : urls;
    }

    // Kestrel knows hosts that are none elsewhere, such as * and +.
    private static bool IsUrl(string url) =>
        Uri.TryCreate(url.Replace("://*", "://any", StringComparison.Ordinal).Replace("://+", "://any", StringComparison.Ordinal), UriKind.Absolute, out var parsed)
        && parsed.Scheme is "http" or "https";
}
