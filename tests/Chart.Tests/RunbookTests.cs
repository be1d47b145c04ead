using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using Lms.Tests.Shared;

namespace Lms.Chart.Tests;

/// <summary>What runbooks and the chart's README tell operators to type means something.</summary>
public sealed partial class RunbookTests
{
    private static readonly string s_runbooks = Path.Combine(Repository.Root, "docs", "runbooks");

    private static readonly string s_texts = string.Concat(
        Directory.GetFiles(s_runbooks, "*.md").Append(Path.Combine(Helm.Chart, "README.md")).Select(File.ReadAllText));

    [Fact]
    public async Task Values_that_they_set_exist()
    {
        var paths = ValuePath().Matches(s_texts).Select(match => match.Groups["path"].Value).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(paths.Count > 4);

        var known = await File.ReadAllTextAsync(Path.Combine(Helm.Chart, "README.md"), TestContext.Current.CancellationToken);
        foreach (var path in paths.Where(path => !known.Contains($"| `{path}` |", StringComparison.Ordinal)))
        {
            // A number, a switch or a text: what is not known at all is refused whichever it is.
            var (_, _, errors) = await Helm.RunAsync(["template", "lms", Helm.Chart, .. Values.Least, "--set", $"{path}=1"]);
            Assert.DoesNotContain("additional properties", errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Objects_that_they_name_exist()
    {
        var objects = new List<string>();
        foreach (var values in new[] { Values.Least, Values.Ha })
        {
            var rendered = await Helm.RenderAsync(values);
            objects.AddRange(rendered.Objects.OfType<IKubernetesObject<V1ObjectMeta>>().Select(one => $"{one.Kind}/{one.Name()}".ToLowerInvariant()));
        }

        var named = ObjectName().Matches(s_texts).Select(match => match.Value).Distinct(StringComparer.Ordinal).ToList();

        Assert.True(named.Count > 3);
        Assert.All(named, name => Assert.Contains(name, objects));
    }

    [Fact]
    public void Pages_that_they_link_exist()
    {
        foreach (var file in Directory.GetFiles(s_runbooks, "*.md").Append(Path.Combine(Helm.Chart, "README.md")))
        {
            var links = Link().Matches(File.ReadAllText(file)).Select(match => match.Groups["path"].Value);
            Assert.All(links, link => Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(file)!, link)), $"{file}: {link}"));
        }

        var overview = File.ReadAllText(Path.Combine(s_runbooks, "README.md"));
        Assert.All(Directory.GetFiles(s_runbooks, "*.md").Select(file => Path.GetFileName(file)).Where(name => name != "README.md"), name => Assert.Contains($"({name})", overview, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"--set (?<path>[a-zA-Z.]+)=", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ValuePath();

    [GeneratedRegex("(deployment|statefulset|service|job)/[a-z-]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ObjectName();

    [GeneratedRegex(@"\]\((?<path>[a-zA-Z0-9./-]+\.(md|yaml))\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Link();
}
