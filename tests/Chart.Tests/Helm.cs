using System.Diagnostics;
using Lms.Tests.Shared;

namespace Lms.Chart.Tests;

/// <summary>The real helm, as an operator has it: on the path, or where <c>.ci/run</c> puts one.</summary>
internal static class Helm
{
    public static string Chart { get; } = Path.Combine(Repository.Root, "helm", "lms");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string? Program { get; } = new[] { Path.Combine(Repository.Root, "artifacts", "helm") }
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "helm.exe" : "helm"))
        .FirstOrDefault(File.Exists);

    /// <summary>The exit code, and what helm printed; skips the test where there is no helm.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params IEnumerable<string> arguments)
    {
        const string missing = "Needs helm, on the path or as artifacts/helm/helm.";
        Assert.SkipWhen(Program is null && Environment.GetEnvironmentVariable("LMS_CI") != "1", missing);
        Assert.True(Program is not null, missing);
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Cancellation), process.StandardError.ReadToEndAsync(Cancellation));
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>What an operator would apply.</summary>
    /// <param name="values">Arguments that say which values; those that every render needs when empty.</param>
    /// <param name="chart">The chart's folder.</param>
    public static async Task<Rendered> RenderAsync(IEnumerable<string> values, string? chart = null)
    {
        var (exitCode, output, errors) = await RunAsync(["template", "lms", chart ?? Chart, "--namespace", "library", .. values]);
        Assert.True(exitCode == 0, errors);
        return new(output);
    }

    /// <summary>What helm says of values that it refuses.</summary>
    public static async Task<string> RefusalAsync(params string[] values)
    {
        var (exitCode, _, errors) = await RunAsync(["template", "lms", Chart, .. values]);
        Assert.NotEqual(0, exitCode);
        return errors;
    }
}
