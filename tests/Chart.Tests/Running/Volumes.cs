using System.Globalization;
using k8s.Models;

namespace Lms.Chart.Tests.Running;

/// <summary>The volumes of a pod, as the kubelet makes them.</summary>
internal sealed class Volumes(Rendered rendered, Workload workload, string folder)
{
    private readonly long _group = workload.Pod.SecurityContext.FsGroup ?? 0;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Where the container may write.</summary>
    public static IEnumerable<string> Writable(Workload workload) =>
        from mount in workload.Pod.Containers[0].VolumeMounts
        where mount.ReadOnlyProperty != true
            && workload.Pod.Volumes.SingleOrDefault(volume => volume.Name == mount.Name) is not ({ Secret: not null } or { ConfigMap: not null })
        select mount.MountPath;

    /// <summary>Makes a volume; a line for pod.sh: how it is mounted, where, and what.</summary>
    public async Task<string> MountAsync(V1VolumeMount mount)
    {
        Assert.Null(mount.SubPath);
        var volume = workload.Pod.Volumes.SingleOrDefault(one => one.Name == mount.Name);
        if (volume?.EmptyDir is { } empty)
        {
            var size = (long)empty.SizeLimit.ToDecimal();
            return string.Create(CultureInfo.InvariantCulture, $"memory {mount.MountPath} size={size},mode=2777,gid={_group}");
        }

        if (volume is null)
        {
            return $"{Kind(mount)} {mount.MountPath} {await ClaimAsync(mount.Name)}";
        }

        var files = volume switch
        {
            { Secret: { } secret } => secret.Items.Select(item => (item.Path, Text: SecretOf(secret.SecretName)[item.Key], Mode: secret.DefaultMode ?? 0b110_100_100)),
            { ConfigMap: { } map } => rendered.Of<V1ConfigMap>().Single(one => one.Name() == map.Name).Data
                .Select(entry => (Path: entry.Key, Text: entry.Value, Mode: map.DefaultMode ?? 0b110_100_100)),
            _ => throw new NotSupportedException($"Nobody has thought of the volume {volume.Name}."),
        };
        return $"read {mount.MountPath} {await ProjectAsync(mount.Name, files)}";
    }

    private static string Kind(V1VolumeMount mount) => mount.ReadOnlyProperty == true ? "read" : "write";

    private static IReadOnlyDictionary<string, string> SecretOf(string name)
    {
        Assert.Equal("lms", name);
        return Secrets.Values;
    }

    private async Task<string> ClaimAsync(string name)
    {
        Assert.Contains(rendered.Of<V1StatefulSet>().Single().Spec.VolumeClaimTemplates, claim => claim.Name() == name);
        var path = Directory.CreateDirectory(Path.Combine(folder, "claims", name)).FullName;
        await Command.SucceedsAsync("sh", "-c", "chown \"0:$1\" \"$2\" && chmod 2775 \"$2\"", "sh", Group, path);
        return path;
    }

    // Files are links into a folder that is a link itself: all of them change at once.
    private async Task<string> ProjectAsync(string name, IEnumerable<(string Path, string Text, int Mode)> files)
    {
        var path = Directory.CreateDirectory(Path.Combine(folder, "volumes", name)).FullName;
        var data = Directory.CreateDirectory(Path.Combine(path, "..2026_01_01_00_00_00.1")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(path, "..data"), Path.GetFileName(data));
        foreach (var file in files)
        {
            var real = Path.Combine(data, file.Path);
            await File.WriteAllTextAsync(real, file.Text, Cancellation);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(real, (UnixFileMode)file.Mode);
            }

            File.CreateSymbolicLink(Path.Combine(path, file.Path), Path.Combine("..data", file.Path));
        }

        await Command.SucceedsAsync("sh", "-c", "chown -R \"0:$1\" \"$2\" && chmod 755 \"$2\" \"$3\"", "sh", Group, path, data);
        return path;
    }

    private string Group => _group.ToString(CultureInfo.InvariantCulture);
}
