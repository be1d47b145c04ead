using Lms.Grains.Abstractions;
using Lms.ServiceDefaults;

namespace Lms.Silo.Cluster;

/// <summary>Which services a silo is for, and which services wait for a silo of theirs. Alike in all silos but for the first.</summary>
/// <param name="Services">Those that this silo is in the pool of. <c>Lms:Services</c>, a list with commas; default: all.</param>
/// <param name="Strict">
/// Those whose grains live in their pool only: they are away while it is empty, and others keep their silos for themselves.
/// <c>Lms:Pools:&lt;service&gt;:Strict</c>; default: none, and a service whose pool is empty lives in any silo.
/// </param>
public sealed record PoolSettings(IReadOnlyList<string> Services, IReadOnlySet<string> Strict)
{
    private const string ServicesKey = "Lms:Services";
    private const string PoolsKey = "Lms:Pools";
    private const string StrictKey = "Strict";

    /// <summary>Reads and judges; throws <see cref="WrongSettingException"/> for what cannot be meant.</summary>
    public static PoolSettings Of(IConfiguration configuration) => new(
        ServicesOf(configuration[ServicesKey]),
        configuration.GetSection(PoolsKey).GetChildren().Where(IsStrict)
            .Select(pool => Known(PoolsKey, pool.Key)).ToHashSet(StringComparer.Ordinal));

    private static IReadOnlyList<string> ServicesOf(string? text) => string.IsNullOrWhiteSpace(text)
        ? LibraryServices.Names
        : [.. text.Split(',', StringSplitOptions.TrimEntries).Select(name => Known(ServicesKey, name)).Distinct(StringComparer.Ordinal)];

    private static bool IsStrict(IConfigurationSection pool)
    {
        var name = Known(PoolsKey, pool.Key);
        if (pool.GetChildren().FirstOrDefault(setting => !setting.Key.Equals(StrictKey, StringComparison.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new WrongSettingException($"{PoolsKey}:{name}: there is no setting '{unknown.Key}', only {StrictKey}.");
        }

        return bool.TryParse(pool[StrictKey], out var isStrict)
            ? isStrict
            : throw new WrongSettingException($"{PoolsKey}:{name}:{StrictKey} is neither true nor false: '{pool[StrictKey]}'.");
    }

    // Environment variables come in capitals.
    private static string Known(string key, string name) =>
        LibraryServices.Names.FirstOrDefault(service => service.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new WrongSettingException(
            $"{key}: there is no service '{name}'. There are {string.Join(", ", LibraryServices.Names)}.");
}
