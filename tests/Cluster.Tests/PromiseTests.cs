using Lms.Tests.Shared;

namespace Lms.Cluster.Tests;

/// <summary>What the previous release wrote down about its states and its calls still stands.</summary>
public sealed class PromiseTests
{
    private const string Golden = "tests/Grains.Tests/Golden";

    private static readonly string[] s_manifests = ["Grains.Abstractions/OrleansContracts.txt", "Grains/OrleansContracts.txt"];

    [Fact]
    public async Task Calls_states_and_what_they_consist_of_have_only_grown()
    {
        string[] files = [.. s_manifests, .. await PreviousRelease.FilesAsync(Golden)];

        foreach (var file in files)
        {
            var path = Path.Combine(Repository.Root, file);
            var before = Promises(await PreviousRelease.ReadAsync(file)).ToArray();
            var now = File.Exists(path) ? Promises(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)) : [];

            Assert.NotEmpty(before);
            Assert.Empty(before.Except(now));
        }
    }

    /// <summary>Lines; an indented one belongs to what stands above it.</summary>
    private static IEnumerable<(string Of, string Line)> Promises(string text)
    {
        var heading = "";
        foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            heading = line[0] == ' ' ? heading : line;
            yield return (heading, line);
        }
    }
}
