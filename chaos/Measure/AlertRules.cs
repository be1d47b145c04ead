using System.Globalization;
using System.Text.RegularExpressions;

namespace Lms.Chaos.Measure;

/// <summary>The rules of the chart, with everything that takes time taking less of it.</summary>
internal static partial class AlertRules
{
    // Two samples at least, of one a second.
    private const int Shortest = 3;

    private static readonly Dictionary<char, int> s_seconds = new() { ['s'] = 1, ['m'] = 60, ['h'] = 3_600, ['d'] = 86_400 };

    /// <summary>Beside this program, where its build puts them.</summary>
    public static string OfChart => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "rules.yaml"));

    public static IReadOnlyList<string> NamesIn(string rules) => [.. Alert().Matches(rules).Select(match => match.Groups["name"].Value)];

    /// <summary>Ranges, what alerts wait for, and ages, divided. What is compared with numbers and shares stays.</summary>
    public static string Faster(string rules, int divisor) => Age().Replace(
        Duration().Replace(
            rules,
            match => string.Create(
                CultureInfo.InvariantCulture,
                $"{match.Groups["before"].Value}{Divided(match, s_seconds[match.Groups["unit"].Value[0]], divisor)}s")),
        match => string.Create(CultureInfo.InvariantCulture, $"{match.Groups["before"].Value}{Divided(match, 1, divisor)}"));

    private static int Divided(Match match, int seconds, int divisor) =>
        Math.Max(Shortest, int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) * seconds / divisor);

    [GeneratedRegex(@"- alert: (?<name>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Alert();

    [GeneratedRegex(@"(?<before>\[|for: )(?<number>\d+)(?<unit>[smhd])\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Duration();

    [GeneratedRegex(@"(?<before>_age_seconds\) > )(?<number>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Age();
}
