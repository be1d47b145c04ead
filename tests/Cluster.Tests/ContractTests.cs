using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;

namespace Lms.Cluster.Tests;

/// <summary>The contract of the REST clients, asked of gateways in turn: the suite is the one that one process passes.</summary>
public sealed class ContractTests
{
    /// <summary>Why a test of the suite may not run here: it needs a process of its own.</summary>
    private static readonly string[] s_elsewhere =
    [
        "Needs a library that is still empty.",
        "What stands before a foreign library may not pass other hosts on.",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task It_holds_with_any_number_of_silos(int silos)
    {
        var folder = Clusters.NewFolder();
        await using (var cluster = await Clusters.StartAsync(new() { Directory = folder, Silos = silos, Demo = true }))
        {
            var (tests, output) = await RunSuiteAsync(cluster.Urls, Path.Combine(folder, "contract.xml"));

            Assert.True(tests.All(test => Result(test) is "Pass" or "Skip"), output);
            Assert.InRange(tests.Count(test => Result(test) == "Pass"), 1_000, int.MaxValue);
            Assert.All(
                tests.Where(test => Result(test) == "Skip"), test => Assert.Contains(test.Element("reason")!.Value, s_elsewhere));
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<(IReadOnlyList<XElement> Tests, string Output)> RunSuiteAsync(IEnumerable<Uri> gateways, string report)
    {
        var bin = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var suite = Path.Combine(bin.Parent!.Parent!.FullName, "Contract.Tests", bin.Name, "Contract.Tests.dll");
        var start = new ProcessStartInfo("dotnet", [suite, "-noColor", "-xml", report])
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
