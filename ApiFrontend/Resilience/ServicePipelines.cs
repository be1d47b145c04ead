using System.Collections.Frozen;
using Lms.Grains.Abstractions;

namespace Lms.ApiFrontend.Resilience;

/// <summary>All pipelines of this gateway: one for the reads and one for the writes of each service.</summary>
internal sealed class ServicePipelines
{
    /// <summary>For grains that no service has for itself: sequences, operations, photos.</summary>
    public const string Shared = "shared";

    private readonly FrozenDictionary<(string Service, CallKind Kind), ServicePipeline> _pipelines;

    public ServicePipelines(PipelineFactory factory)
    {
        _pipelines = Services
            .SelectMany(service => Enum.GetValues<CallKind>().Select(kind => factory.Build(service, kind)))
            .ToFrozenDictionary(pipeline => (pipeline.Service, pipeline.Kind));
        All = [.. _pipelines.Values.OrderBy(pipeline => pipeline.Service, StringComparer.Ordinal).ThenBy(pipeline => pipeline.Kind)];
    }

    /// <summary>The services that have pipelines of their own, and <see cref="Shared"/>.</summary>
    public static IReadOnlyList<string> Services { get; } = [.. LibraryServices.Names, Shared];

    public IReadOnlyList<ServicePipeline> All { get; }

    /// <summary>A sentence for each service that a setting names and that does not exist. Environment variables come in capitals.</summary>
    public static IEnumerable<string> Unknown(string key, IEnumerable<string> names) =>
        from name in names
        where !Services.Contains(name, StringComparer.OrdinalIgnoreCase)
        select $"{key}: there is no service '{name}'. There are {string.Join(", ", Services)}.";

    /// <summary>Null for a service that does not exist.</summary>
    public ServicePipeline? Find(string service, CallKind kind) => _pipelines.GetValueOrDefault((service, kind));

    /// <summary>What a call to a grain of the interface passes through.</summary>
    public ServicePipeline Of<TGrain>(CallKind kind) => _pipelines[(ServiceOf<TGrain>.Name, kind)];

    private static class ServiceOf<TGrain>
    {
        public static readonly string Name = LibraryServices.Of(typeof(TGrain)) ?? Shared;
    }
}
