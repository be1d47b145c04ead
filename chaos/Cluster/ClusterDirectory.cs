using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Lms.Chaos.Cluster;

/// <summary>The folder of a local cluster, which one process has at a time.</summary>
public sealed class ClusterDirectory : IDisposable
{
    private readonly FileStream _lock;

    private ClusterDirectory(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    public string ClusterFile => System.IO.Path.Combine(Path, "cluster.json");

    /// <summary>Takes the folder; throws <see cref="ClusterDirectoryInUseException"/> when another process has it.</summary>
    public static ClusterDirectory Take(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(System.IO.Path.Combine(full, "logs"));
        var owner = System.IO.Path.Combine(full, "cluster.pid");
        try
        {
            // The operating system gives the lock up when the process ends, however it ends.
            var @lock = new FileStream(
                System.IO.Path.Combine(full, "cluster.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(owner, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new(full, @lock);
        }
        catch (IOException exception) when (File.Exists(owner))
        {
            throw new ClusterDirectoryInUseException(full, File.ReadAllText(owner), exception);
        }
    }

    public string Folder(string name) => System.IO.Path.Combine(Path, name);

    public string Log(string process) => System.IO.Path.Combine(Path, "logs", process + ".log");

    /// <summary>What the cluster's processes share and nobody else may read; made at its first use.</summary>
    public ClusterSecrets Secrets()
    {
        var path = Folder("secrets.json");
        if (!File.Exists(path))
        {
            var secrets = new ClusterSecrets(
                Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
                "Aa1!" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)));
            WholeFile.Write(path, JsonSerializer.Serialize(secrets, ClusterJson.Options), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return JsonSerializer.Deserialize<ClusterSecrets>(File.ReadAllText(path), ClusterJson.Options)!;
    }

    public void Dispose() => _lock.Dispose();
}

/// <summary>Secrets of one local cluster.</summary>
/// <param name="MasterKey">Under which gateways keep signing keys, in base64.</param>
/// <param name="AdminPassword">Of the first administrator.</param>
public sealed record ClusterSecrets(string MasterKey, string AdminPassword)
{
    public const string AdminUsername = "admin@library.local";
}

/// <summary>Another process has the folder.</summary>
public sealed class ClusterDirectoryInUseException(string path, string process, Exception inner)
    : Exception($"cluster directory {path} is in use by process {process}", inner);

/// <summary>Files that others see whole or not at all.</summary>
internal static class WholeFile
{
    public static void Write(string path, string text, UnixFileMode mode)
    {
        var draft = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        using (var stream = new FileStream(draft, options))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(text);
        }

        File.Move(draft, path, overwrite: true);
    }
}
