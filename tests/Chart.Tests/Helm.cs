using Lms.Tests.Shared;

namespace Lms.Chart.Tests;

/// <summary>The real helm, as an operator has it.</summary>
internal static class Helm
{
    public static string Chart { get; } = Path.Combine(Repository.Root, "helm", "lms");

    private static Tool Program { get; } = new("helm");

    /// <inheritdoc cref="Tool.RunAsync"/>
    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(params IEnumerable<string> arguments) => Program.RunAsync(arguments);

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
