using k8s;
using k8s.Models;

namespace Lms.Chart.Tests;

/// <summary>What helm rendered, read strictly: a name or a type that Kubernetes does not know is an exception.</summary>
internal sealed class Rendered
{
    /// <summary>Kinds of others, which are read without knowing what they may hold.</summary>
    private static readonly Dictionary<string, Type> s_foreign = new(StringComparer.Ordinal)
    {
        ["gateway.networking.k8s.io/v1/HTTPRoute"] = typeof(Dictionary<string, object>),
        ["monitoring.coreos.com/v1/ServiceMonitor"] = typeof(Dictionary<string, object>),
        ["monitoring.coreos.com/v1/PrometheusRule"] = typeof(Dictionary<string, object>),
    };

    public Rendered(string text) => Objects = KubernetesYaml.LoadAllFromString(text, s_foreign, strict: true);

    public IReadOnlyList<object> Objects { get; }

    public IEnumerable<V1Deployment> Deployments => Objects.OfType<V1Deployment>();

    /// <summary>Each template of a pod, with the kind and the name of whoever makes it.</summary>
    public IEnumerable<Workload> Workloads => Objects.Select(one => one switch
    {
        V1Deployment it => new Workload($"Deployment {it.Name()}", it.Metadata, it.Spec.Template.Metadata, it.Spec.Template.Spec),
        V1StatefulSet it => new Workload($"StatefulSet {it.Name()}", it.Metadata, it.Spec.Template.Metadata, it.Spec.Template.Spec),
        V1Job it => new Workload($"Job {it.Name()}", it.Metadata, it.Spec.Template.Metadata, it.Spec.Template.Spec),
        V1Pod it => new Workload($"Pod {it.Name()}", it.Metadata, it.Metadata, it.Spec),
        _ => null,
    }).OfType<Workload>();

    /// <summary>Those that run the library.</summary>
    public IEnumerable<Workload> Library => Workloads.Where(workload => workload.Role is not null);

    public IEnumerable<T> Of<T>() => Objects.OfType<T>();
}

/// <param name="Name">With its kind.</param>
/// <param name="Metadata">Its own.</param>
/// <param name="PodMetadata">That of its pods.</param>
/// <param name="Pod">What runs.</param>
internal sealed record Workload(string Name, V1ObjectMeta Metadata, V1ObjectMeta PodMetadata, V1PodSpec Pod)
{
    /// <summary>Silo or gateway; null for everything else.</summary>
    public string? Role => PodMetadata.Labels.TryGetValue("lms/role", out var role) ? role : null;

    public string Component => PodMetadata.Labels["app.kubernetes.io/component"];

    public override string ToString() => Name;
}
