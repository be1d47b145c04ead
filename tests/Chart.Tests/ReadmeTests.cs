using System.Text;

namespace Lms.Chart.Tests;

/// <summary>
/// The chart's README lists values, labels, ports and keys of the Secret as the chart has them. <c>LMS_UPDATE_CHART=1</c> writes
/// them anew.
/// </summary>
public sealed class ReadmeTests
{
    private const string End = "<!-- end -->\n";

    private static readonly string s_readme = Path.Combine(Helm.Chart, "README.md");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_readme_lists_what_the_chart_has()
    {
        // Everything that may be mounted.
        var rendered = await Helm.RenderAsync([.. Values.Ha, "--set", "secrets.postgresGateway=true"]);
        var alone = await Helm.RenderAsync(Values.Least);
        var written = await File.ReadAllTextAsync(s_readme, Cancellation);

        var expected = written;
        expected = With(expected, "values", await ValuesAsync());
        expected = With(expected, "secret", SecretKeys(rendered.Workloads.Concat(alone.Workloads)));
        expected = With(expected, "ports", Ports(rendered));
        expected = With(expected, "labels", Labels(rendered));
        if (Environment.GetEnvironmentVariable("LMS_UPDATE_CHART") == "1")
        {
            await File.WriteAllTextAsync(s_readme, expected, Cancellation);
        }

        Assert.Equal(expected, await File.ReadAllTextAsync(s_readme, Cancellation));
    }

    private static string With(string readme, string part, string text)
    {
        var begin = $"<!-- generated: {part} -->\n";
        var from = readme.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        Assert.True(from >= begin.Length, $"The README has no {begin}");
        return readme[..from] + text + readme[readme.IndexOf(End, from, StringComparison.Ordinal)..];
    }

    /// <summary>A row for each value with a comment: what stands above a name in values.yaml is its meaning.</summary>
    private static async Task<string> ValuesAsync()
    {
        var (table, names, comment) = (new StringBuilder("| value | default | meaning |\n| --- | --- | --- |\n"), new List<string>(), "");
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(Helm.Chart, "values.yaml"), Cancellation))
        {
            var text = line.Trim();
            if (text.StartsWith('#'))
            {
                comment = $"{comment} {text.TrimStart('#', ' ').TrimStart('-', ' ')}".Trim();
                continue;
            }

            if (text.Split(':', 2) is [var name, var value] && !text.StartsWith('-'))
            {
                var depth = (line.Length - line.TrimStart().Length) / 2;
                names.RemoveRange(depth, names.Count - depth);
                names.Add(name);
                if (comment.Length > 0)
                {
                    var shown = value.Split(" #")[0].Trim();
                    table.Append($"| `{string.Join('.', names)}` | {(shown.Length > 0 ? $"`{shown}`" : "")} | {comment.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
                }
            }

            comment = "";
        }

        return table.ToString();
    }

    private static string SecretKeys(IEnumerable<Workload> workloads)
    {
        var keys =
            from workload in workloads
            from volume in workload.Pod.Volumes
            where volume.Secret is not null
            from item in volume.Secret.Items
            group workload.Role ?? workload.Component by (item.Key, item.Path) into readers
            orderby readers.Key.Key, readers.Key.Path
            select $"| `{readers.Key.Key}` | `{readers.Key.Path.Replace("__", ":", StringComparison.Ordinal)}` | {string.Join(", ", readers.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))} |\n";
        return "| key | setting | read by |\n| --- | --- | --- |\n" + string.Concat(keys);
    }

    private static string Ports(Rendered rendered)
    {
        var ports =
            from workload in rendered.Library
            from port in workload.Pod.Containers[0].Ports
            select $"| {workload.Role} | `{port.Name}` | {port.ContainerPort} |\n";
        return "| pods | name | port |\n| --- | --- | --- |\n" + string.Concat(ports.Distinct(StringComparer.Ordinal));
    }

    private static string Labels(Rendered rendered)
    {
        var labels =
            from workload in rendered.Library
            from label in workload.PodMetadata.Labels
            group label.Value by label.Key into values
            orderby values.Key
            select $"| `{values.Key}` | {string.Join(", ", values.Distinct(StringComparer.Ordinal).Select(value => $"`{value}`"))} |\n";
        return "| label | of a release named lms |\n| --- | --- |\n" + string.Concat(labels);
    }
}
