using Lms.Grains.Abstractions;
using Orleans.Metadata;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace Lms.Silo.Cluster;

/// <summary>
/// Keeps a service that is in trouble away from the others: the silos that name it in their metadata are its pool, and its
/// grains are placed there first. Every silo has every grain class, so that an empty pool need not be the end of a service.
/// </summary>
internal static class Pools
{
    /// <summary>The name under which a silo tells the others what it serves.</summary>
    public const string MetadataKey = "lms.pool";

    public static ISiloBuilder AddPools(this ISiloBuilder silo, PoolSettings settings)
    {
        silo.UseSiloMetadata(new Dictionary<string, string>(StringComparer.Ordinal) { [MetadataKey] = string.Join(',', settings.Services) });
        silo.Services.AddSingleton(settings);
        silo.Services.AddSingleton<IGrainPropertiesProvider, PoolProperties>();
        silo.Services.AddPlacementFilter<PoolFilter, PoolFilterDirector>(ServiceLifetime.Transient);
        return silo;
    }

    /// <summary>Which of some silos may have a new activation.</summary>
    /// <param name="service">The service of the grain.</param>
    /// <param name="isStrict">Rather none than one of another pool.</param>
    /// <param name="silos">All that could.</param>
    /// <param name="servedBy">What a silo says it serves; null while it has not been heard.</param>
    public static IReadOnlyList<SiloAddress> Choose(
        string service, bool isStrict, IReadOnlyList<SiloAddress> silos, Func<SiloAddress, string?> servedBy)
    {
        var said = silos.Select(silo => (Silo: silo, Services: servedBy(silo))).ToList();
        List<SiloAddress> pool = [.. said.Where(one => one.Services?.Split(',').Contains(service, StringComparer.Ordinal) == true).Select(one => one.Silo)];
        if (pool.Count > 0)
        {
            return pool;
        }

        // A silo that has just started has told nobody yet: it may be the pool, and a service must not be away for the lack of a word.
        List<SiloAddress> unheard = [.. said.Where(one => one.Services is null).Select(one => one.Silo)];
        return unheard.Count > 0 ? unheard : isStrict ? [] : silos;
    }
}

/// <summary>Writes the service of each grain class into what silos know about it, so that no class needs an attribute.</summary>
internal sealed class PoolProperties(IServiceProvider services) : IGrainPropertiesProvider
{
    public void Populate(Type grainClass, GrainType grainType, Dictionary<string, string> properties)
    {
        if (LibraryServices.Of(grainClass) is { } service)
        {
            new PoolFilter(service).PopulateGrainProperties(services, grainClass, grainType, properties);
        }
    }
}

/// <summary>Pool first. Orleans makes it from the properties of a grain.</summary>
internal sealed class PoolFilter(string service) : PlacementFilterStrategy(order: 0)
{
    private const string Property = "service";

    public PoolFilter()
        : this("")
    {
    }

    public string Service { get; private set; } = service;

    public override void AdditionalInitialize(GrainProperties properties) =>
        Service = GetPlacementFilterGrainProperty(Property, properties)
            ?? throw new InvalidOperationException("A grain with a pool has no service.");

    protected override IEnumerable<KeyValuePair<string, string>> GetAdditionalGrainProperties(
        IServiceProvider services, Type grainClass, GrainType grainType, IReadOnlyDictionary<string, string> existingProperties) =>
        [new(Property, Service)];
}

internal sealed class PoolFilterDirector(ISiloMetadataCache metadata, PoolSettings settings) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        var service = ((PoolFilter)filterStrategy).Service;
        var chosen = Pools.Choose(service, settings.Strict.Contains(service), [.. silos], ServedBy);

        // What Orleans throws without a silo nobody can tell from a defect.
        return chosen.Count > 0 ? chosen : throw new GrainFault(FaultKind.Unreachable, $"No silo serves {service} at present.");
    }

    private string? ServedBy(SiloAddress silo) => metadata.GetSiloMetadata(silo).Metadata.GetValueOrDefault(Pools.MetadataKey);
}
