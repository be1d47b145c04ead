using System.Globalization;
using System.Text.RegularExpressions;
using k8s.Models;
using Lms.Tests.Shared;

namespace Lms.Chart.Tests.Running;

/// <summary>A release of the chart on this machine: its migration has run, and there is one pod of each set.</summary>
public sealed partial class Release : IAsyncLifetime
{
    /// <summary>How images of the library begin; the rest is a target of the Dockerfile.</summary>
    private const string Ours = "lms-";

    private static readonly string[] s_roles = ["lms_owner", "lms", "lms_reader"];

    private readonly TempDirectory _folder = new();
    private readonly List<Pod> _pods = [];
    private Task? _started;
    private Node? _node;
    private int _made;

    internal Rendered Rendered { get; private set; } = null!;

    internal IReadOnlyDictionary<string, Image> Images { get; private set; } = null!;

    /// <summary>What the migration told.</summary>
    internal string Migration { get; private set; } = "";

    /// <summary>One of each set.</summary>
    internal IReadOnlyList<Pod> Library => _pods;

    private Node Node => _node ?? throw new InvalidOperationException("The release has not started.");

    /// <summary>Lendings have silos of their own, gateways a role of theirs. Nothing here translates the port of the service.</summary>
    private static string[] Values =>
    [
        .. Chart.Tests.Values.Least,
        "--set", "gateway.service.port=8080,secrets.postgresGateway=true,services.lendings.dedicated=true,services.lendings.strict=true",
    ];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Once for all tests, the first of which waits for it; skips where the machine does not allow it.</summary>
    internal Task StartAsync() => _started ??= StartOnceAsync();

    /// <summary>As another way to install it would have rendered the gateway.</summary>
    internal static Task<Rendered> RenderAsync(string more) => Helm.RenderAsync([.. Values, "--set", more]);

    /// <summary>Starts a pod, which is the caller's.</summary>
    internal async Task<Pod> StartPodAsync(Rendered rendered, Workload workload)
    {
        var image = workload.Pod.Containers.Single().Image.Split('/')[^1].Split(':')[0];
        var name = string.Create(CultureInfo.InvariantCulture, $"{workload.Name.Split(' ')[1]}-{_made++}");
        return await Pod.StartAsync(
            Node, rendered, workload, image.StartsWith(Ours, StringComparison.Ordinal) ? Images[image[Ours.Length..]] : null, Path.Combine(_folder.Path, name));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pod in _pods)
        {
            pod.Dispose();
        }

        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task StartOnceAsync()
    {
        _node = await Node.StartAsync(_folder.Path);
        Rendered = await Helm.RenderAsync(Values);
        Images = new Dictionary<string, Image>(StringComparer.Ordinal)
        {
            ["silo"] = await Image.PublishAsync("silo"),
            ["gateway"] = await Image.PublishAsync("gateway"),
        };
        await MigrateAsync();
        foreach (var workload in Rendered.Library)
        {
            _pods.Add(await StartPodAsync(Rendered, workload));
        }

        foreach (var pod in Library)
        {
            await pod.PassesAsync(pod.Container.StartupProbe);
        }

        AddServices();
    }

    // The operator's part is what docs/postgresql.md says.
    private async Task MigrateAsync()
    {
        var statements = Statements().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "postgresql.md"), TestContext.Current.CancellationToken))
            .Select(match => match.Groups["sql"].Value).ToList();
        var passwords = s_roles.Select(role => $"ALTER ROLE {role} PASSWORD '{Secrets.Password}';");
        foreach (var statement in (statements[0] + string.Concat(passwords)).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            await Node.ExecuteAsync(statement, statement.Contains("SCHEMA", StringComparison.Ordinal) ? "lms" : "postgres");
        }

        var job = Rendered.Of<V1Job>().Single();
        using var pod = await StartPodAsync(Rendered, Rendered.Workloads.Single(workload => workload.Component == "migration"));
        var exitCode = await pod.EndsAsync(TimeSpan.FromSeconds(job.Spec.ActiveDeadlineSeconds!.Value));
        Migration = pod.Log;
        Assert.True(exitCode == 0, Migration);
        await Node.ExecuteAsync(statements[2]);
    }

    /// <summary>Their names are those of the pods that they select.</summary>
    private void AddServices()
    {
        foreach (var service in Rendered.Of<V1Service>())
        {
            var pod = Library.First(pod => service.Spec.Selector.All(label => pod.Workload.PodMetadata.Labels.Contains(label)));
            Assert.All(service.Spec.Ports, port => Assert.Equal(port.Port, pod.Container.Ports.Single(one => one.Name == port.TargetPort.Value).ContainerPort));
            Node.Hosts[service.Name()] = pod.Address;
        }
    }

    [GeneratedRegex("```sql\n(?<sql>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Statements();
}
