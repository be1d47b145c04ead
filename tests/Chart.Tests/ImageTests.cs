using System.Text.RegularExpressions;
using System.Xml.Linq;
using Lms.Tests.Shared;

namespace Lms.Chart.Tests;

/// <summary>The Dockerfile, as far as it can be judged where no engine builds it.</summary>
public sealed class ImageTests
{
    private static readonly string[] s_lines = File.ReadAllLines(Path.Combine(Repository.Root, "Dockerfile"));

    [Fact]
    public void What_is_copied_from_the_sources_is_there_and_not_ignored()
    {
        var copied = Instructions("COPY").Where(copy => !copy.StartsWith("--from", StringComparison.Ordinal))
            .SelectMany(copy => copy.Split(' ')[..^1]).ToList();

        Assert.True(copied.Count > 10);
        var kept = File.ReadAllLines(Path.Combine(Repository.Root, ".dockerignore")).Where(line => line.StartsWith('!')).ToList();
        Assert.All(copied, source =>
        {
            Assert.True(Path.Exists(Path.Combine(Repository.Root, source)), source);
            Assert.Contains(kept, line => Wildcard(line[1..]).IsMatch(source.EndsWith('/') ? source + "x" : source));
        });
    }

    [Fact]
    public void All_projects_that_the_images_run_are_copied()
    {
        var copied = Instructions("COPY").SelectMany(copy => copy.Split(' ')).ToHashSet(StringComparer.Ordinal);

        Assert.All(ProjectsOf("ApiFrontend").Concat(ProjectsOf("Silo")), project => Assert.Contains(project + "/", copied));
    }

    [Theory]
    [InlineData("silo", "Silo")]
    [InlineData("gateway", "ApiFrontend")]
    public void An_image_starts_the_program_of_its_project(string target, string project)
    {
        var stage = s_lines.SkipWhile(line => line != $"FROM runtime AS {target}").Skip(1).TakeWhile(line => line.Length > 0).ToList();

        Assert.Contains($"ENTRYPOINT [\"dotnet\", \"/app/{project}.dll\"]", stage);
        Assert.Contains($"COPY --from=build /{target} /app", stage);
        Assert.Contains(s_lines, line => line.Contains($"publish {project}/{project}.csproj --configuration Release --output /{target} ", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(Repository.Root, project, $"{project}.csproj")));
    }

    [Fact]
    public async Task The_user_and_the_ports_are_those_of_the_chart()
    {
        var rendered = await Helm.RenderAsync(Values.Least);

        Assert.All(rendered.Library, workload => Assert.Equal($"{workload.Pod.SecurityContext.RunAsUser}:{workload.Pod.SecurityContext.RunAsGroup}", Instructions("USER").Single()));
        var exposed = Instructions("EXPOSE").SelectMany(ports => ports.Split(' ')).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(
            exposed.Order(StringComparer.Ordinal),
            rendered.Library.SelectMany(workload => workload.Pod.Containers[0].Ports)
                .Select(port => port.ContainerPort.ToString(System.Globalization.CultureInfo.InvariantCulture)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Instructions(string name) =>
        s_lines.Where(line => line.StartsWith(name + " ", StringComparison.Ordinal)).Select(line => line[(name.Length + 1)..]);

    private static IEnumerable<string> ProjectsOf(string project) =>
        XDocument.Load(Path.Combine(Repository.Root, project, $"{project}.csproj")).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value))
            .SelectMany(ProjectsOf).Append(project).Distinct(StringComparer.Ordinal);

    private static Regex Wildcard(string pattern) =>
        new("^" + Regex.Escape(pattern).Replace("\\*\\*", ".*", StringComparison.Ordinal).Replace("\\*", "[^/]*", StringComparison.Ordinal) + "$", RegexOptions.NonBacktracking);
}
