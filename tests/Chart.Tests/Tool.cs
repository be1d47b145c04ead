using System.Diagnostics;
using Lms.Tests.Shared;

namespace Lms.Chart.Tests;

/// <summary>A program of operators: on the path, or where <c>.ci/run</c> puts it.</summary>
internal sealed class Tool(string name)
{
    private readonly string? _program = new[] { Path.Combine(Repository.Root, "artifacts", name) }
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? $"{name}.exe" : name))
        .FirstOrDefault(File.Exists);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The exit code, and what it printed; skips the test where there is no such program.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> RunAsync(params IEnumerable<string> arguments)
    {
        var missing = $"Needs {name}, on the path or as artifacts/{name}/{name}.";
        Assert.SkipWhen(_program is null && Environment.GetEnvironmentVariable("LMS_CI") != "1", missing);
        Assert.True(_program is not null, missing);
        var start = new ProcessStartInfo(_program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Cancellation), process.StandardError.ReadToEndAsync(Cancellation));
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, await output, await errors);
    }
}
