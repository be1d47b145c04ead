using System.Collections.Concurrent;
using Lms.Chaos.Cluster;
using Lms.Chaos.Servers;

namespace Lms.Cluster.Tests;

/// <summary>Local clusters for tests, in folders of their own.</summary>
internal static class Clusters
{
    // As everywhere in tests: what a password costs is measured elsewhere.
    private static readonly Dictionary<string, string> s_cheapPasswords = new(StringComparer.Ordinal)
    {
        ["Lms__Passwords__MemoryKiB"] = "1024",
        ["Lms__Passwords__Passes"] = "1",
    };

    private static readonly ConcurrentBag<string> s_folders = [];

    /// <summary>All that there were; most are gone.</summary>
    public static IEnumerable<string> Folders => s_folders;

    public static bool IsRequired => string.Equals(Environment.GetEnvironmentVariable("LMS_CI"), "1", StringComparison.Ordinal);

    /// <summary>Starts one; skips the test where the servers are not installed.</summary>
    public static async Task<LocalCluster> StartAsync(ClusterOptions options)
    {
        try
        {
            var environment = options.Environment.Concat(s_cheapPasswords).ToDictionary(StringComparer.Ordinal);
            return await LocalCluster.StartAsync(
                options with { Environment = environment, EndsAtOnce = true }, TestContext.Current.CancellationToken);
        }
        catch (MissingServerException missing) when (!IsRequired)
        {
            Assert.Skip(missing.Message);
            throw;
        }
    }

    /// <summary>A new folder, which the user that PostgreSQL runs as may enter.</summary>
    public static string NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("lms-cluster-");
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        }

        s_folders.Add(folder.FullName);
        return folder.FullName;
    }
}
