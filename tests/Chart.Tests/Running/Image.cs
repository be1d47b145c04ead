using System.Text.Json;
using System.Text.RegularExpressions;
using Lms.Tests.Shared;

namespace Lms.Chart.Tests.Running;

/// <summary>What an image holds, published as the Dockerfile says, but not compiled ahead: that changes when something is compiled, and not what.</summary>
/// <param name="Folder">Of the program, on this machine.</param>
/// <param name="Directory">Where it is in the image.</param>
/// <param name="EntryPoint">What starts it.</param>
internal sealed partial record Image(string Folder, string Directory, IReadOnlyList<string> EntryPoint)
{
    private static readonly string[] s_dockerfile = File.ReadAllLines(Path.Combine(Repository.Root, "Dockerfile"));

    /// <summary>Publishes the program of a target of the Dockerfile.</summary>
    public static async Task<Image> PublishAsync(string target)
    {
        var publish = s_dockerfile.Select(line => Publish().Match(line)).Single(match => match.Groups["target"].Value == target);
        var folder = Path.Combine(Repository.Root, "artifacts", "images", target);
        if (System.IO.Directory.Exists(folder))
        {
            System.IO.Directory.Delete(folder, recursive: true);
        }

        // Servers of the compiler would outlive the test. The sources are checked by whoever builds this test.
        await Command.SucceedsAsync("dotnet",
        [
            "publish", publish.Groups["project"].Value, "--configuration", publish.Groups["configuration"].Value, "--output", folder,
            "--nologo", "--verbosity", "quiet", "-nodeReuse:false", "-p:UseSharedCompilation=false", "-p:RunAnalyzers=false", "-p:NuGetAudit=false",
        ]);
        var runtime = Stage("runtime");
        return new(
            folder,
            runtime.Single(line => line.StartsWith("WORKDIR ", StringComparison.Ordinal))["WORKDIR ".Length..],
            JsonSerializer.Deserialize<string[]>(Stage(target).Single(line => line.StartsWith("ENTRYPOINT ", StringComparison.Ordinal))["ENTRYPOINT ".Length..])!);
    }

    private static List<string> Stage(string name) =>
        [.. s_dockerfile.SkipWhile(line => !(line.StartsWith("FROM ", StringComparison.Ordinal) && line.EndsWith($" AS {name}", StringComparison.Ordinal)))
            .Skip(1).TakeWhile(line => !line.StartsWith("FROM ", StringComparison.Ordinal))];

    [GeneratedRegex(@"dotnet publish (?<project>\S+) --configuration (?<configuration>\S+) --output /(?<target>\S+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Publish();
}
