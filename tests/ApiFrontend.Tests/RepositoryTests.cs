using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Lms.ApiFrontend.Tests.Library;

namespace Lms.ApiFrontend.Tests;

/// <summary>What is in the repository besides code that runs.</summary>
public sealed partial class RepositoryTests(ITestOutputHelper output)
{
    private static readonly string[] s_states = ["now", "later", "not applicable"];
    private static readonly string[] s_passedOver = [".git", "artifacts", "bin", "obj", "data", "node_modules", "TestResults"];

    [Fact]
    public async Task What_docs_security_says_is_tested_has_tests_of_these_names()
    {
        var rows = (await File.ReadAllLinesAsync(Repository.Path("docs", "security.md"), TestContext.Current.CancellationToken))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2)
            .Select(line => line.Trim('|', ' ').Split(" | ", StringSplitOptions.TrimEntries)).ToList();
        var sources = Directory.EnumerateFiles(Repository.Path("tests"), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText).ToList();

        Assert.True(rows.Count >= 28);
        Assert.All(rows, row => Assert.Equal(5, row.Length));
        Assert.All(rows, row => Assert.Contains(row[2], s_states));
        Assert.All(rows, row => Assert.Equal(row[2] == "now", TestName().IsMatch(row[4])));
        Assert.Empty(
            from row in rows
            from Match name in TestName().Matches(row[4])
            where !sources.Exists(source => Has(source, name.Groups["class"].Value, name.Groups["method"].Value))
            select $"{row[0]}: {name.Value}");
    }

    [Fact]
    public void No_file_holds_a_secret() => Assert.Empty(
        from file in Files(new(Repository.Path()))
        where file.Length < 1_000_000
        from Match secret in Secret().Matches(File.ReadAllText(file.FullName))
        select $"{file.FullName}: {secret.Value}");

    [Theory]
    [InlineData("-----BEGIN RSA PRIV", "ATE KEY-----")]
    [InlineData("AKIA", "ABCDEFGHIJKLMNOP")]
    [InlineData("ghp_", "abcdefghijklmnopqrstuvwxyz0123456789")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.", "eyJzdWIiOiIxLGEifQ.c2lnbmF0dXJlc2lnbmF0dXJlc2ln")]
    public void A_secret_would_be_found(string one, string other) => Assert.Matches(Secret(), one + other);

    [Fact]
    public void Packages_are_audited()
    {
        var properties = XDocument.Load(Repository.Path("Directory.Build.props")).Descendants()
            .Where(element => !element.HasElements).GroupBy(element => element.Name.LocalName, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal);

        Assert.Equal(("true", "all", "low"), (properties["NuGetAudit"], properties["NuGetAuditMode"], properties["NuGetAuditLevel"]));
        Assert.Equal(("true", "true"), (properties["TreatWarningsAsErrors"], properties["RestorePackagesWithLockFile"]));
        Assert.DoesNotContain("NU190", properties["NoWarn"], StringComparison.Ordinal);
    }

    // Without advisories every audit is green. Whether there are any is a matter of the machine, not of the code.
    [Fact]
    public async Task The_package_source_serves_advisories()
    {
        var sources = await SourcesAsync();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        foreach (var source in sources)
        {
            try
            {
                using var index = JsonDocument.Parse(await http.GetStringAsync(source, TestContext.Current.CancellationToken));
                if (index.RootElement.GetProperty("resources").EnumerateArray()
                    .Any(resource => resource.GetProperty("@type").GetString()!.StartsWith("VulnerabilityInfo/", StringComparison.Ordinal)))
                {
                    output.WriteLine($"{source} serves advisories.");
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or JsonException or KeyNotFoundException)
            {
                output.WriteLine($"{source}: {exception.Message}");
            }
        }

        TestContext.Current.AddWarning("Audit data absent: no package source serves advisories, so an audit that finds nothing means nothing.");
    }

    private static bool Has(string source, string type, string method) =>
        Regex.IsMatch(source, $@"\bclass {type}\b", RegexOptions.None, TimeSpan.FromSeconds(1))
        && (method.Length == 0 || Regex.IsMatch(source, $@"\b(Task|void) {method}\(", RegexOptions.None, TimeSpan.FromSeconds(1)));

    private static IEnumerable<FileInfo> Files(DirectoryInfo directory) => directory.EnumerateFiles().Concat(
        directory.EnumerateDirectories().Where(inner => !s_passedOver.Contains(inner.Name, StringComparer.Ordinal)).SelectMany(Files));

    private static async Task<IReadOnlyList<Uri>> SourcesAsync()
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["nuget", "list", "source", "--format", "short"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = Repository.Path(),
        };
        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return
        [
            .. text.Split('\n').Where(line => line.StartsWith("E ", StringComparison.Ordinal))
                .Select(line => Uri.TryCreate(line[2..].Trim(), UriKind.Absolute, out var source) ? source : null)
                .OfType<Uri>().Where(source => source.Scheme is "http" or "https"),
        ];
    }

    [GeneratedRegex(@"`(?<class>\w+)(?:\.(?<method>\w+))?`", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex TestName();

    [GeneratedRegex(
        @"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}|\bxox[abpr]-[A-Za-z0-9-]{10,}|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}",
        RegexOptions.None,
        10_000)]
    private static partial Regex Secret();
}
