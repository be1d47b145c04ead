using System.Globalization;
using k8s.Models;
using Lms.Tests.Shared;

namespace Lms.Chart.Tests;

/// <summary>What comes of values, and which are refused.</summary>
public sealed class RenderTests
{
    public static TheoryData<string> EveryWay => [.. Values.All.Select(values => values.Name)];

    [Theory]
    [InlineData("least")]
    [InlineData("values-demo.yaml")]
    [InlineData("values-ha.yaml")]
    public async Task Helm_has_nothing_to_say_against_the_chart(string values)
    {
        var (exitCode, output, errors) = await Helm.RunAsync(["lint", "--strict", Helm.Chart, .. Arguments(values)]);

        Assert.True(exitCode == 0, output + errors);
    }

    [Theory]
    [MemberData(nameof(EveryWay))]
    public async Task Kubernetes_knows_all_that_is_rendered(string values)
    {
        var rendered = await RenderedOnce.OfAsync(values, Arguments(values));

        Assert.NotEmpty(rendered.Library);
        Assert.Distinct(rendered.Workloads.Select(workload => workload.Name), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("not allowed", "silo.replica=3")]
    [InlineData("not allowed", "services.book.dedicated=true")]
    [InlineData("got string, want integer", "silo.replicas=three")]
    [InlineData("not allowed", "silo.resources.limits.cpu=1")]
    [InlineData("'not' failed", "image.tag=latest")]
    [InlineData("pullPolicy", "image.pullPolicy=Sometimes")]
    public async Task Values_that_mean_nothing_are_refused(string says, string change)
    {
        Assert.Contains(says, await Helm.RefusalAsync([.. Values.Least, "--set", change]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secrets.existingSecret is empty", "silo.replicas=3")]
    [InlineData("bundled.enabled contradict each other", "secrets.existingSecret=lms,bundled.enabled=true")]
    [InlineData("services.books.strict needs services.books.dedicated", "secrets.existingSecret=lms,services.books.strict=true")]
    [InlineData("services.books.autoscaling: min is more than max", "secrets.existingSecret=lms,services.books.dedicated=true,services.books.autoscaling.enabled=true,services.books.autoscaling.min=9")]
    [InlineData("silo.autoscaling: min is more than max", "secrets.existingSecret=lms,silo.autoscaling.enabled=true,silo.autoscaling.min=11")]
    [InlineData("gateway.ingress.host", "secrets.existingSecret=lms,gateway.ingress.enabled=true")]
    [InlineData("gateway.route.parentRefs", "secrets.existingSecret=lms,gateway.route.enabled=true")]
    [InlineData("gateway.journal.enabled and gateway.autoscaling.enabled", "secrets.existingSecret=lms,gateway.journal.enabled=true,gateway.autoscaling.enabled=true")]
    [InlineData("config.Lms__MasterKey is a secret", "secrets.existingSecret=lms,config.Lms__MasterKey=x")]
    [InlineData("config.ConnectionStrings__Postgres is a secret", "secrets.existingSecret=lms,config.ConnectionStrings__Postgres=x")]
    [InlineData("silo.terminationGracePeriodSeconds must be more", "secrets.existingSecret=lms,silo.terminationGracePeriodSeconds=40")]
    [InlineData("gateway.terminationGracePeriodSeconds must be more", "secrets.existingSecret=lms,gateway.preStopSeconds=20")]
    public async Task Values_that_contradict_one_another_are_refused_in_a_sentence(string says, string change)
    {
        Assert.Contains(says, await Helm.RefusalAsync("--set", change), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_set_of_pods_is_known_by_never_changes()
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, arguments) in Values.All)
        {
            foreach (var (workload, selector) in SelectorsOf(await RenderedOnce.OfAsync(name, arguments)))
            {
                Assert.Equal(seen.GetValueOrDefault(workload, selector), selector);
                seen[workload] = selector;
            }
        }

        Assert.Contains("Deployment lms-silo-books", seen.Keys);
        Assert.Contains("StatefulSet lms-gateway", seen.Keys);
    }

    [Fact]
    public async Task The_chart_has_the_version_of_the_library()
    {
        const string start = "<Version>";
        var properties = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "Directory.Build.props"), TestContext.Current.CancellationToken);
        var version = properties[(properties.IndexOf(start, StringComparison.Ordinal) + start.Length)..].Split('<')[0];
        var chart = await File.ReadAllLinesAsync(Path.Combine(Helm.Chart, "Chart.yaml"), TestContext.Current.CancellationToken);

        Assert.Contains($"version: {version}", chart);
        Assert.Contains($"appVersion: \"{version}\"", chart);
    }

    [Fact]
    public async Task A_service_has_silos_of_its_own_where_it_is_dedicated_and_is_nobody_elses()
    {
        var rendered = await Helm.RenderAsync([.. Values.Least, "--set", "services.lendings.dedicated=true,services.lendings.strict=true,services.lendings.replicas=4"]);

        var services = rendered.Library.Where(workload => workload.Role == "silo")
            .ToDictionary(workload => workload.Component, workload => Variable(workload, "Lms__Services"), StringComparer.Ordinal);
        Assert.Equal("lendings", services["silo-lendings"]);
        Assert.Equal("authors,books,copies,genres,readers,users", services["silo-shared"]);
        Assert.Equal(4, rendered.Deployments.Single(deployment => deployment.Name() == "lms-silo-lendings").Spec.Replicas);
        var settings = rendered.Of<V1ConfigMap>().Single(map => map.Name() == "lms").Data;
        Assert.Equal("true", settings["Lms__Pools__lendings__Strict"]);
        Assert.Single(settings.Keys, key => key.StartsWith("Lms__Pools__", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Silos_are_open_to_silos_and_gateways_each_at_its_port()
    {
        var rendered = await Helm.RenderAsync(Values.Least);
        var ports = rendered.Library.First(workload => workload.Role == "silo").Pod.Containers[0].Ports
            .ToDictionary(port => port.Name, port => port.ContainerPort, StringComparer.Ordinal);
        Assert.Equal((11111, 13111, 30000), (ports["silo"], ports["watcher"], ports["gateway"]));

        var silo = rendered.Of<V1NetworkPolicy>().Single(policy => policy.Name() == "lms-silo").Spec;

        var allowed = silo.Ingress.Select(rule => string.Create(
            CultureInfo.InvariantCulture,
            $"{rule.FromProperty.Single().PodSelector.MatchLabels["lms/role"]}: {string.Join(", ", rule.Ports.Select(port => port.Port.Value))}"));
        Assert.Equal(["silo: silo, watcher", "gateway: gateway"], allowed);
    }

    [Fact]
    public async Task A_service_monitor_finds_all_silos_and_gateways_and_nothing_else()
    {
        var rendered = await Helm.RenderAsync([
            .. Values.Demo, "--set", "monitoring.serviceMonitor.enabled=true,services.books.dedicated=true,gateway.journal.enabled=true",
        ]);
        var monitor = rendered.Of<Dictionary<string, object>>().Single(one => "ServiceMonitor".Equals(one["kind"]));
        var spec = (IDictionary<object, object>)monitor["spec"];
        var labels = (IDictionary<object, object>)((IDictionary<object, object>)spec["selector"])["matchLabels"];
        var port = ((IDictionary<object, object>)((IList<object>)spec["endpoints"]).Single())["port"];

        var services = rendered.Of<V1Service>()
            .Where(service => labels.All(label => service.Metadata.Labels[(string)label.Key].Equals(label.Value))).ToList();
        Assert.All(services, service => Assert.Equal(port, service.Spec.Ports.Single().Name));
        var found = rendered.Workloads.Where(workload => services.Exists(service =>
            service.Spec.Selector.All(workload.PodMetadata.Labels.Contains))).ToList();
        Assert.Equal(rendered.Library.Select(workload => workload.Name).Order(), found.Select(workload => workload.Name).Order());
        Assert.Equal(3, found.Count);
        Assert.All(found, workload => Assert.Contains(workload.Pod.Containers[0].Ports, one => one.Name == (string)port));
    }

    private static string[] Arguments(string values) => Values.All.Single(one => one.Name == values).Arguments;

    private static string Variable(Workload workload, string name) =>
        workload.Pod.Containers[0].Env.Single(variable => variable.Name == name).Value;

    private static IEnumerable<(string Workload, string Selector)> SelectorsOf(Rendered rendered) =>
        rendered.Objects.Select(one => one switch
        {
            V1Deployment it => ($"Deployment {it.Name()}", Text(it.Spec.Selector)),
            V1StatefulSet it => ($"StatefulSet {it.Name()}", Text(it.Spec.Selector)),
            _ => ("", ""),
        }).Where(one => one.Item1.Length > 0);

    private static string Text(V1LabelSelector selector) =>
        string.Join(',', selector.MatchLabels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));
}
