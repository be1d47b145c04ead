using Lms.Chaos.Cluster;
using Lms.Chaos.Servers;

namespace Lms.Cluster.Tests;

/// <summary>Local clusters for tests, in folders of their own.</summary>
internal static class Clusters
{
    public static bool IsRequired => string.Equals(Environment.GetEnvironmentVariable("LMS_CI"), "1", StringComparison.Ordinal);

    /// <summary>Starts one; skips the test where the servers are not installed.</summary>
    public static async Task<LocalCluster> StartAsync(ClusterOptions options)
    {
        try
        {
            return await LocalCluster.StartAsync(options, TestContext.Current.CancellationToken);
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

        return folder.FullName;
    }
}
