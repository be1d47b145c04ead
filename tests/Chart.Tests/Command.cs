using System.Diagnostics;
using Lms.Tests.Shared;

namespace Lms.Chart.Tests;

/// <summary>A program that runs to its end.</summary>
internal static class Command
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The exit code, and what it printed.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Cancellation), process.StandardError.ReadToEndAsync(Cancellation));
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>What it printed; the test fails when it did not succeed.</summary>
    public static async Task<string> SucceedsAsync(string program, params IEnumerable<string> arguments)
    {
        var (exitCode, output, errors) = await RunAsync(program, arguments);
        Assert.True(exitCode == 0, $"{program} ended with exit code {exitCode}:\n{output}{errors}");
        return output;
    }
}
