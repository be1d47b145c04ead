using System.Globalization;
using k8s;
using k8s.Models;

namespace Lms.Chart.Tests;

/// <summary>What reviewers of charts look for, each with an example of what it must find.</summary>
/// <param name="Name">What holds.</param>
/// <param name="Violations">Where it does not.</param>
/// <param name="Template">A file of the chart in which the example is.</param>
/// <param name="Good">A text in it.</param>
/// <param name="Bad">What stands there when the rule is broken.</param>
internal sealed record Rule(string Name, Func<Rendered, IEnumerable<string>> Violations, string Template, string Good, string Bad)
{
    private const string Helpers = "templates/_helpers.tpl";
    private const string Silo = "templates/silo/deployment.yaml";
    private const string Gateway = "templates/gateway/workload.yaml";

    public static readonly IReadOnlyList<Rule> All =
    [
        new("Pods run as nobody in particular, not as root", Pods(pod => pod.SecurityContext is
            { RunAsNonRoot: true, RunAsUser: >= 10_000, RunAsGroup: >= 10_000 }), Helpers, "runAsUser: 10654", "runAsUser: 0"),
        new("Pods have the seccomp profile of the runtime", Pods(pod => pod.SecurityContext?.SeccompProfile?.Type == "RuntimeDefault"),
            Helpers, "seccompProfile: { type: RuntimeDefault }", "seccompProfile: { type: Unconfined }"),
        new("Pods have no token of the API", Pods(pod => pod.AutomountServiceAccountToken == false),
            Helpers, "automountServiceAccountToken: false", "automountServiceAccountToken: true"),
        new("Containers cannot write to their root", Containers(container => container.SecurityContext?.ReadOnlyRootFilesystem == true),
            Helpers, "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"),
        new("Containers cannot gain rights", Containers(container => container.SecurityContext is { AllowPrivilegeEscalation: false, Privileged: not true }),
            Helpers, "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true"),
        new("Containers have no capability", Containers(container =>
            container.SecurityContext?.Capabilities is { Drop: ["ALL"], Add: null or [] }), Helpers, "drop: [ALL]", "drop: [NET_RAW]"),
        new("Containers may write to /tmp", Containers(container => container.VolumeMounts.Any(mount => mount.MountPath == "/tmp" && mount.ReadOnlyProperty != true)),
            Silo, "{ name: tmp, mountPath: /tmp }", "{ name: tmp, mountPath: /temp }"),
        new("Memory is limited to what is requested, where the library runs", Library(container =>
            Same(container.Resources.Requests["memory"], container.Resources.Limits["memory"])),
            "values.yaml", "requests: { cpu: 500m, memory: 1Gi,", "requests: { cpu: 500m, memory: 512Mi,"),
        new("Processor time and local storage are requested", Containers(container =>
            container.Resources.Requests.ContainsKey("cpu") && container.Resources.Requests.ContainsKey("ephemeral-storage")
            && container.Resources.Limits.ContainsKey("memory") && container.Resources.Limits.ContainsKey("ephemeral-storage")),
            "values.yaml", "requests: { cpu: 250m, memory: 512Mi, ephemeral-storage: 256Mi }", "requests: { cpu: 250m, memory: 512Mi }"),
        new("Processor time is never limited", Containers(container => !container.Resources.Limits.ContainsKey("cpu")),
            Silo, "{{- toYaml $.Values.silo.resources | nindent 12 }}", "limits: { cpu: 1 }\n            requests: { cpu: 1 }"),
        new("Images are never the latest", Containers(container => container.Image.Contains('@', StringComparison.Ordinal)
            || (container.Image.Split('/')[^1].Split(':') is [_, { Length: > 0 } tag] && tag != "latest")),
            Helpers, "{{ .root.Values.image.tag | default .root.Chart.AppVersion }}", "latest"),
        new("Secrets are files, never variables", Containers(container =>
            (container.Env ?? []).All(variable => variable.ValueFrom?.SecretKeyRef is null) && (container.EnvFrom ?? []).All(source => source.SecretRef is null)),
            Helpers, "- configMapRef: { name:", "- secretRef: { name:"),
        new("Three questions have three probes", LibraryWorkloads(workload => workload.Pod.Containers.All(container =>
            new[] { container.StartupProbe, container.ReadinessProbe, container.LivenessProbe }.Select(probe => probe?.HttpGet?.Path).Distinct(StringComparer.Ordinal)
                .SequenceEqual(["/health/startup", "/health/ready", "/health/live"], StringComparer.Ordinal))),
            Helpers, "path: /health/live", "path: /health/ready"),
        new("The grace is longer than the 40 seconds that a process may take", LibraryWorkloads(workload =>
            workload.Pod.TerminationGracePeriodSeconds > 40 + (workload.Pod.Containers[0].Lifecycle?.PreStop?.Sleep?.Seconds ?? 0)),
            Silo, "{{ $.Values.silo.terminationGracePeriodSeconds }}", "30"),
        new("Gateways are left alone before they end, until nobody sends any more", LibraryWorkloads(workload =>
            workload.Role != "gateway" || workload.Pod.Containers[0].Lifecycle?.PreStop?.Sleep?.Seconds >= 5),
            Gateway, "sleep: { seconds: {{ .Values.gateway.preStopSeconds }} }", "exec: { command: [\"true\"] }"),
        new("A rollout adds before it takes away, and waits", rendered => rendered.Deployments
            .Where(deployment => deployment.Spec.Strategy?.RollingUpdate is not { MaxSurge.Value: "1", MaxUnavailable.Value: "0" }
                || deployment.Spec.MinReadySeconds is null or 0 || deployment.Spec.ProgressDeadlineSeconds != 600 || deployment.Spec.RevisionHistoryLimit != 3)
            .Select(deployment => deployment.Name()), Silo, "maxUnavailable: 0", "maxUnavailable: 1"),
        new("Every set of pods of the library has a budget of its own", rendered => rendered.Library
            .Where(workload => rendered.Of<V1PodDisruptionBudget>().Count(budget => Selects(budget.Spec.Selector, workload)
                && budget.Spec is { MaxUnavailable.Value: not "0", UnhealthyPodEvictionPolicy: "AlwaysAllow" }) != 1).Select(workload => workload.Name),
            "templates/silo/poddisruptionbudget.yaml", "unhealthyPodEvictionPolicy: AlwaysAllow", "unhealthyPodEvictionPolicy: IfHealthyBudget"),
        new("Pods of a set are spread over zones and nodes", LibraryWorkloads(workload =>
            (workload.Pod.TopologySpreadConstraints ?? []).Select(spread => spread.TopologyKey).Order(StringComparer.Ordinal)
                .SequenceEqual(["kubernetes.io/hostname", "topology.kubernetes.io/zone"], StringComparer.Ordinal)
            && workload.Pod.TopologySpreadConstraints!.All(spread => Selects(spread.LabelSelector, workload))
            && workload.Pod.Affinity.PodAntiAffinity.PreferredDuringSchedulingIgnoredDuringExecution.Count == 1),
            Helpers, "\"topology.kubernetes.io/zone\" \"kubernetes.io/hostname\"", "\"kubernetes.io/hostname\""),
        new("Pods of a lost node are replaced after 30 seconds", LibraryWorkloads(workload =>
            (workload.Pod.Tolerations ?? []).Count(toleration => toleration is { Effect: "NoExecute", TolerationSeconds: 30 }) == 2),
            Helpers, "tolerationSeconds: {{ $.root.Values.nodeLostSeconds }}", "tolerationSeconds: 300"),
        new("Silos and gateways have accounts of their own", LibraryWorkloads(workload => workload.Pod.ServiceAccountName == $"lms-{workload.Role}"),
            Gateway, "serviceAccountName: {{ include \"lms.fullname\" . }}-gateway", "serviceAccountName: default"),
        new("Nothing is allowed that no policy names", rendered => rendered.Of<V1NetworkPolicy>().Any(policy =>
            policy.Spec is { Ingress: null or [], Egress: null or [], PolicyTypes: ["Ingress", "Egress"] }
            && policy.Spec.PodSelector.MatchLabels.Keys.Order(StringComparer.Ordinal).SequenceEqual(["app.kubernetes.io/instance", "app.kubernetes.io/name"], StringComparer.Ordinal))
            ? [] : ["no policy denies"], "templates/networkpolicies.yaml", "policyTypes: [Ingress, Egress]\n---", "policyTypes: [Ingress]\n---"),
        new("A change of the settings restarts pods", LibraryWorkloads(workload => workload.PodMetadata.Annotations?.ContainsKey("checksum/config") == true),
            Helpers, "checksum/config:", "checksum/none:"),
        new("Objects say what they are, and of which release", rendered => rendered.Objects.OfType<IKubernetesObject<V1ObjectMeta>>()
            .Where(one => !new[] { "name", "instance", "component", "part-of", "version", "managed-by" }
                .All(label => one.Metadata.Labels?.ContainsKey($"app.kubernetes.io/{label}") == true) || one.Metadata.Labels["app.kubernetes.io/instance"] != "lms")
            .Select(one => $"{one.Kind} {one.Name()}"), Helpers, "app.kubernetes.io/part-of: lms\n", ""),
        new("What an autoscaler owns has no number", rendered => rendered.Of<V2HorizontalPodAutoscaler>()
            .Where(scaler => rendered.Deployments.Single(deployment => deployment.Name() == scaler.Spec.ScaleTargetRef.Name).Spec.Replicas is not null
                || scaler.Spec.MinReplicas < 2 || scaler.Spec.Behavior.ScaleDown is not { StabilizationWindowSeconds: 300 })
            .Select(scaler => scaler.Name()), Helpers, "stabilizationWindowSeconds: 300", "stabilizationWindowSeconds: 0"),
    ];

    public override string ToString() => Name;

    private static Func<Rendered, IEnumerable<string>> Pods(Func<V1PodSpec, bool> holds) =>
        rendered => rendered.Workloads.Where(workload => !holds(workload.Pod)).Select(workload => workload.Name);

    private static Func<Rendered, IEnumerable<string>> Containers(Func<V1Container, bool> holds) =>
        rendered => ViolationsIn(rendered.Workloads, holds);

    private static Func<Rendered, IEnumerable<string>> Library(Func<V1Container, bool> holds) =>
        rendered => ViolationsIn(rendered.Library, holds);

    private static Func<Rendered, IEnumerable<string>> LibraryWorkloads(Func<Workload, bool> holds) =>
        rendered => rendered.Library.Where(workload => !holds(workload)).Select(workload => workload.Name);

    private static IEnumerable<string> ViolationsIn(IEnumerable<Workload> workloads, Func<V1Container, bool> holds) =>
        from workload in workloads
        from container in workload.Pod.Containers.Concat(workload.Pod.InitContainers ?? [])
        where !holds(container)
        select $"{workload.Name}: {container.Name}";

    private static bool Selects(V1LabelSelector selector, Workload workload) => selector.MatchLabels.All(label =>
        workload.PodMetadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

    private static bool Same(ResourceQuantity one, ResourceQuantity other) =>
        one.ToDecimal().ToString(CultureInfo.InvariantCulture) == other.ToDecimal().ToString(CultureInfo.InvariantCulture);
}
