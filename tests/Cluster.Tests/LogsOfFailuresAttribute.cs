using System.Globalization;
using System.Reflection;
using Xunit.v3;

[assembly: Lms.Cluster.Tests.LogsOfFailures]

namespace Lms.Cluster.Tests;

/// <summary>What silos and gateways warned of during a test that fails, for somebody who has nothing but the output of the run.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class LogsOfFailuresAttribute : BeforeAfterTestAttribute
{
    private const int Lines = 40;
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly string[] s_levels = [" warn: ", " fail: ", " crit: "];

    private readonly AsyncLocal<DateTimeOffset> _startedAt = new();

    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => _startedAt.Value = TimeProvider.System.GetUtcNow();

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            foreach (var log in Clusters.Folders.Where(Directory.Exists).SelectMany(LogsIn).Order(StringComparer.Ordinal))
            {
                TestContext.Current.TestOutputHelper?.WriteLine(
                    $"{Path.GetFileName(log)}:\n{string.Join('\n', Warnings(log, _startedAt.Value).TakeLast(Lines))}");
            }
        }
    }

    private static IEnumerable<string> LogsIn(string folder) =>
        Directory.EnumerateFiles(folder, "*.log", SearchOption.AllDirectories)
            .Where(log => Path.GetFileName(log) is ['s', 'i', 'l', 'o', ..] or ['g', 'a', 't', 'e', ..]);

    // The first two lines of each: where it comes from, and what it says.
    private static IEnumerable<string> Warnings(string log, DateTimeOffset since)
    {
        string? head = null;
        foreach (var line in File.ReadLines(log))
        {
            if (head is not null)
            {
                yield return head + line;
            }

            head = s_levels.Any(level => line.Contains(level, StringComparison.Ordinal)) && TimeOf(line) >= since ? line : null;
        }
    }

    private static DateTimeOffset? TimeOf(string line) => line.Length > 24 && DateTimeOffset.TryParseExact(
        line[..24], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        ? time
        : null;
}
