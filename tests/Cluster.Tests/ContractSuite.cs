using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;
using Lms.Chaos.Cluster;

namespace Lms.Cluster.Tests;

/// <summary>Contract.Tests as a process, which knows nothing of a library but its addresses.</summary>
internal static class ContractSuite
{
    /// <summary>Why a test of the suite may not run here: it needs a process of its own.</summary>
    private static readonly string[] s_elsewhere =
    [
        "Needs a library that is still empty.",
        "What stands before a foreign library may not pass other hosts on.",
    ];

    /// <summary>Why one may not run once more at the same library: the demo's late books come back only once.</summary>
    private const string Late = " holds no late book any more.";

    /// <summary>How many of its classes run at once: mostly they wait for the library.</summary>
    private const string Threads = "8";

    /// <summary>Asks all gateways of the cluster in turn.</summary>
    /// <param name="cluster">Has the demo library.</param>
    /// <param name="isFirst">False when the suite has passed there before.</param>
    public static async Task PassesAsync(LocalCluster cluster, bool isFirst = true)
    {
        var report = Path.Combine(Path.GetDirectoryName(cluster.ClusterFilePath)!, "contract.xml");
        var (tests, output) = await RunAsync(cluster.Urls, report);

        Assert.True(tests.All(test => Result(test) is "Pass" or "Skip"), output);
        Assert.InRange(tests.Count(test => Result(test) == "Pass"), 1_000, int.MaxValue);
        Assert.All(
            tests.Where(test => Result(test) == "Skip").Select(test => test.Element("reason")!.Value),
            reason => Assert.True(
                s_elsewhere.Contains(reason, StringComparer.Ordinal) || (!isFirst && reason.EndsWith(Late, StringComparison.Ordinal)),
                reason));
    }

    private static async Task<(IReadOnlyList<XElement> Tests, string Output)> RunAsync(IEnumerable<Uri> gateways, string report)
    {
        var bin = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var suite = Path.Combine(bin.Parent!.Parent!.FullName, "Contract.Tests", bin.Name, "Contract.Tests.dll");
        var start = new ProcessStartInfo("dotnet", [suite, "-noColor", "-maxThreads", Threads, "-xml", report])
        {
            Environment = { ["LMS_TEST_BASE_URL"] = string.Join(',', gateways) },
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(File.Exists(report), string.Create(CultureInfo.InvariantCulture, $"Exit code {process.ExitCode}.\n{output}"));
            return ([.. XDocument.Load(report).Descendants("test")], output);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static string? Result(XElement test) => test.Attribute("result")?.Value;
}
