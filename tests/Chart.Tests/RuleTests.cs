using Lms.Tests.Shared;

namespace Lms.Chart.Tests;

/// <summary>The chart as reviewers see it.</summary>
public sealed class RuleTests
{
    public static TheoryData<string> Rules => [.. Rule.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_rule_holds_for_each_way_to_install_the_chart(string name)
    {
        var rule = Find(name);
        foreach (var (values, arguments) in Values.All.Where(values => !values.Name.Contains("fullnameOverride", StringComparison.Ordinal)
            && !values.Name.Contains("networkPolicy.enabled=false", StringComparison.Ordinal)))
        {
            var rendered = await RenderedOnce.OfAsync(values, arguments);

            Assert.True(!rule.Violations(rendered).Any(), $"{values}: {string.Join(", ", rule.Violations(rendered))}");
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_rule_finds_a_chart_that_breaks_it(string name)
    {
        var rule = Find(name);
        using var copy = new TempDirectory();
        foreach (var file in Directory.EnumerateFiles(Helm.Chart, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy.Path, Path.GetRelativePath(Helm.Chart, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        var template = Path.Combine(copy.Path, rule.Template);
        var text = await File.ReadAllTextAsync(template, TestContext.Current.CancellationToken);
        Assert.Contains(rule.Good, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(template, text.Replace(rule.Good, rule.Bad, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var rendered = await Helm.RenderAsync([.. Values.Least, "--set", "silo.autoscaling.enabled=true"], copy.Path);

        Assert.NotEmpty(rule.Violations(rendered));
    }

    private static Rule Find(string name) => Rule.All.Single(rule => rule.Name == name);
}
