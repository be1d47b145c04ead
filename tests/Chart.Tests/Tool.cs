using Lms.Tests.Shared;

namespace Lms.Chart.Tests;

/// <summary>A program of operators: on the path, or where <c>.ci/run</c> puts it.</summary>
internal sealed class Tool(string name)
{
    private readonly string? _program = new[] { Path.Combine(Repository.Root, "artifacts", name) }
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? $"{name}.exe" : name))
        .FirstOrDefault(File.Exists);

    /// <summary>The exit code, and what it printed; skips the test where there is no such program.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> RunAsync(params IEnumerable<string> arguments)
    {
        Required.Unless(_program is not null, $"Needs {name}, on the path or as artifacts/{name}/{name}.");
        return await Command.RunAsync(_program!, arguments);
    }
}

/// <summary>What a test needs of the machine.</summary>
internal static class Required
{
    /// <summary>Skips the test with a sentence, or lets it fail where nothing may be skipped.</summary>
    public static void Unless(bool isThere, string sentence)
    {
        Assert.SkipWhen(!isThere && Environment.GetEnvironmentVariable("LMS_CI") != "1", sentence);
        Assert.True(isThere, sentence);
    }
}
