using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lms.Chaos.Cluster;

/// <summary>What <c>cluster.json</c> says.</summary>
public sealed record ClusterFile(IReadOnlyList<string> Gateways, IReadOnlyList<ClusterFile.Entry> Processes)
{
    /// <summary>One process; <paramref name="Pid"/> is the one that owns the ports.</summary>
    public sealed record Entry(string Name, string Role, int Pid, IReadOnlyDictionary<string, int> Ports, string Log);

    public static ClusterFile Of(IEnumerable<Servers.ClusterProcess> processes)
    {
        var all = processes.ToList();
        return new(
            [.. all.OfType<Gateway>().Select(gateway => gateway.Url)],
            [.. all.Select(process => new Entry(process.Name, process.Role, process.ProcessId, process.Ports, process.Log))]);
    }

    public static ClusterFile Read(string path) =>
        JsonSerializer.Deserialize<ClusterFile>(File.ReadAllText(path), ClusterJson.Options)!;

    /// <summary>Readers of the file never see half of it.</summary>
    public void Write(string path) => WholeFile.Write(
        path,
        JsonSerializer.Serialize(this, ClusterJson.Options),
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
}

internal static class ClusterJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
