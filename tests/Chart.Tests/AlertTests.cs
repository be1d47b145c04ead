using System.Text.RegularExpressions;
using Lms.Tests.Shared;

namespace Lms.Chart.Tests;

/// <summary>Rules and alerts, by the tool of Prometheus itself.</summary>
public sealed partial class AlertTests
{
    private static readonly string s_rules = Path.Combine(Helm.Chart, "files", "prometheus", "rules.yaml");

    private static readonly Tool s_promtool = new("promtool");

    [Fact]
    public async Task Prometheus_understands_the_rules()
    {
        var (exitCode, output, errors) = await s_promtool.RunAsync("check", "rules", "--lint-fatal", s_rules);
        Assert.True(exitCode == 0, output + errors);
    }

    [Fact]
    public async Task Alerts_are_raised_by_what_they_are_for_and_by_nothing_else()
    {
        var tests = Path.Combine(Repository.Root, "tests", "Chart.Tests", "rules.test.yaml");
        var (exitCode, output, errors) = await s_promtool.RunAsync("test", "rules", tests);
        Assert.True(exitCode == 0, output + errors);

        // Not one of them goes without a test that raises it: one that finds it silent does not count.
        var raised = string.Join('\n', (await File.ReadAllLinesAsync(tests, TestContext.Current.CancellationToken)).Where(line => !Silent().IsMatch(line)));
        Assert.All(Alerts(), alert => Assert.Contains(alert, raised, StringComparison.Ordinal));
    }

    [Fact]
    public void Each_alert_has_its_page_and_each_page_its_alert()
    {
        var pages = Directory.GetFiles(Path.Combine(Repository.Root, "docs", "runbooks", "alerts"), "*.md").Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(Alerts().Order(StringComparer.Ordinal), pages.Order(StringComparer.Ordinal));

        var links = Link().Matches(File.ReadAllText(s_rules)).Select(match => match.Groups["path"].Value).ToList();
        Assert.Equal(Alerts().Count, links.Count);
        Assert.All(links, link => Assert.True(File.Exists(Path.Combine(Repository.Root, link)), link));
    }

    private static List<string> Alerts() => [.. Alert().Matches(File.ReadAllText(s_rules)).Select(match => match.Groups["name"].Value)];

    [GeneratedRegex(@"exp_(alerts|samples): \[\]|runbook_url", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Silent();

    [GeneratedRegex(@"- alert: (?<name>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Alert();

    [GeneratedRegex(@"runbook_url: (?<path>\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Link();
}
