using System.Globalization;
using k8s.Models;
using Lms.Chaos.Servers;

namespace Lms.Chart.Tests.Running;

/// <summary>The container of a pod as it was rendered, as a process of this machine.</summary>
internal sealed class Pod : IDisposable
{
    // As images from Microsoft have it, and runtimes for a user whom the image does not know.
    private static readonly string[] s_ofImage = ["PATH=/dotnet:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/", "DOTNET_RUNNING_IN_CONTAINER=true", "ASPNETCORE_HTTP_PORTS=8080"];

    private readonly Node _node;
    private readonly ChildProcess _process;

    private Pod(Node node, Workload workload, string address, ChildProcess process, string log) =>
        (_node, Workload, Address, _process, LogFile) = (node, workload, address, process, log);

    public Workload Workload { get; }

    public string Address { get; }

    public V1Container Container => Workload.Pod.Containers[0];

    public string Log => File.ReadAllText(LogFile);

    public int ProcessId => _process.Id;

    private string LogFile { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts it, and waits for nothing but its namespaces.</summary>
    /// <param name="node">Where.</param>
    /// <param name="rendered">What it belongs to.</param>
    /// <param name="workload">What makes such pods.</param>
    /// <param name="image">Null for a program of this machine.</param>
    /// <param name="folder">Its own.</param>
    public static async Task<Pod> StartAsync(Node node, Rendered rendered, Workload workload, Image? image, string folder)
    {
        var pod = workload.Pod;
        Assert.Null(pod.InitContainers);
        var container = Assert.Single(pod.Containers);
        var (name, address) = (Path.GetFileName(folder), node.NextAddress());
        Directory.CreateDirectory(folder);
        await File.WriteAllLinesAsync(Path.Combine(folder, "hosts"), [.. node.Hosts.Select(host => $"{host.Value} {host.Key}"), $"{address} {name}"], Cancellation);
        var volumes = new Volumes(rendered, workload, folder);
        var mounts = new List<string>();
        foreach (var mount in container.VolumeMounts)
        {
            mounts.Add(await volumes.MountAsync(mount));
        }

        await File.WriteAllLinesAsync(Path.Combine(folder, "mounts"), mounts, Cancellation);
        var log = Path.Combine(folder, "log");
        var process = await ChildProcess.StartAsync(
            "unshare",
            [
                "--mount", "--net", "--ipc", "--uts", "sh", Path.Combine(AppContext.BaseDirectory, "Running", "pod.sh"),
                .. s_ofImage, .. Environment(rendered, container, name, address), .. Line(container, image),
            ],
            log,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["POD_NAME"] = name,
                ["POD_ADDRESS"] = address,
                ["POD_FOLDER"] = folder,
                ["POD_DOTNET"] = DotNet(),
                ["POD_IMAGE"] = image?.Folder ?? "",
                ["POD_DIRECTORY"] = image?.Directory ?? "/",
                ["POD_ROOT"] = container.SecurityContext.ReadOnlyRootFilesystem == true ? "read-only" : "",
                ["POD_PRIVILEGES"] = string.Join(' ', Privileges(pod.SecurityContext, container.SecurityContext)),
            });
        try
        {
            await Node.WaitAsync(process, () => Task.FromResult(File.Exists(Path.Combine(folder, "unshared"))), log);
            await node.PlugAsync(process.Id, address);
            return new(node, workload, address, process, log);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>As the kubelet asks: every period, until it is answered or gives up.</summary>
    public async Task PassesAsync(V1Probe probe)
    {
        for (var attempts = probe.FailureThreshold ?? 3; ; attempts--)
        {
            var status = await AskAsync(probe.HttpGet.Port, probe.HttpGet.Path, probe.TimeoutSeconds ?? 1);
            if (status is >= 200 and < 400)
            {
                return;
            }

            Assert.False(_process.HasExited, $"{Workload} ended:\n{LogTail.Of(LogFile)}");
            Assert.True(attempts > 1, $"{Workload} answers {status} to {probe.HttpGet.Path}:\n{LogTail.Of(LogFile)}");
            await Task.Delay(TimeSpan.FromSeconds(probe.PeriodSeconds ?? 10), TimeProvider.System, Cancellation);
        }
    }

    /// <summary>The status of what is asked from outside at a port of the container; 0 when nobody answers.</summary>
    public Task<int> AskAsync(IntOrString port, string path, int seconds, params string[] more)
    {
        var number = Container.Ports.SingleOrDefault(one => one.Name == port.Value)?.ContainerPort ?? int.Parse(port.Value, CultureInfo.InvariantCulture);
        return _node.AskAsync(string.Create(CultureInfo.InvariantCulture, $"http://{Address}:{number}{path}"), seconds, more);
    }

    /// <summary>The exit code, as soon as it has ended by itself.</summary>
    public async Task<int> EndsAsync(TimeSpan patience)
    {
        await _process.WaitForExitAsync(Cancellation).WaitAsync(patience, Cancellation);
        return _process.ExitCode;
    }

    public void Terminate() => _process.Signal(Signal.Terminate);

    public void Dispose() => _process.Dispose();

    private static IEnumerable<string> Line(V1Container container, Image? image) =>
        [.. container.Command ?? (IEnumerable<string>?)image?.EntryPoint ?? [], .. container.Args ?? []];

    private static IEnumerable<string> Environment(Rendered rendered, V1Container container, string name, string address)
    {
        foreach (var source in container.EnvFrom ?? [])
        {
            foreach (var (key, value) in rendered.Of<V1ConfigMap>().Single(map => map.Name() == source.ConfigMapRef.Name).Data)
            {
                yield return $"{key}={value}";
            }
        }

        foreach (var variable in container.Env)
        {
            yield return $"{variable.Name}=" + (variable.ValueFrom?.FieldRef.FieldPath switch
            {
                null => variable.Value,
                "metadata.name" => name,
                "status.podIP" => address,
                var path => throw new NotSupportedException($"Nobody has thought of {path}."),
            });
        }
    }

    private static IEnumerable<string> Privileges(V1PodSecurityContext pod, V1SecurityContext container)
    {
        var (user, group) = (container.RunAsUser ?? pod.RunAsUser ?? 0, container.RunAsGroup ?? pod.RunAsGroup ?? 0);
        yield return string.Create(CultureInfo.InvariantCulture, $"--reuid {user} --regid {group} --groups {pod.FsGroup ?? group}");
        if (container.AllowPrivilegeEscalation == false)
        {
            yield return "--no-new-privs";
        }

        if (container.Capabilities?.Drop?.Contains("ALL") == true)
        {
            yield return "--inh-caps=-all --ambient-caps=-all --bounding-set=-all";
        }
    }

    /// <summary>The folder of the runtime that this process uses.</summary>
    private static string DotNet() =>
        Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
}
