using System.Globalization;
using System.Text.RegularExpressions;
using Lms.Tests.Shared;

namespace Lms.Grains.Tests;

/// <summary>
/// Files of what releases have stored and said, in their own words. None of it ever changes: what is missing is added with
/// LMS_UPDATE_GOLDEN=1, and nothing else is done to them.
/// </summary>
internal static partial class Golden
{
    /// <summary>What to do about a test that misses something.</summary>
    public const string Refresh =
        "If that is meant: LMS_UPDATE_GOLDEN=1 dotnet run --project tests/Grains.Tests -- -class \"*FormatTests\", then commit what is new.";

    public static bool IsUpdated => Environment.GetEnvironmentVariable("LMS_UPDATE_GOLDEN") == "1";

    private static string Folder { get; } = Path.Combine(Repository.Root, "tests", "Grains.Tests", "Golden");

    /// <summary>The texts of states, by their names: the state's name, and a number for each text.</summary>
    public static IReadOnlyDictionary<string, string> States { get; } = Directory.EnumerateFiles(Folder, "*.json")
        .ToDictionary(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);

    /// <summary>The lines of what crosses the wire.</summary>
    public static IReadOnlyList<string> Wire { get; } = File.Exists(WireFile) ? File.ReadAllLines(WireFile) : [];

    private static string WireFile => Path.Combine(Folder, "wire.txt");

    /// <summary>The state that a text is of.</summary>
    public static string StateOf(string name) => Numbered().Match(name) is { Success: true } match
        ? match.Groups["state"].Value
        : throw new FormatException($"{name}.json is not named after a state and a number.");

    public static void AddState(string state, string text)
    {
        var number = States.Keys.Count(name => StateOf(name) == state) + 1;
        File.WriteAllText(Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"{state}.{number}.json")), text + "\n");
    }

    public static void AddWire(IEnumerable<string> lines) =>
        File.WriteAllText(WireFile, string.Concat(Wire.Concat(lines).Order(StringComparer.Ordinal).Select(line => line + "\n")));

    [GeneratedRegex(@"^(?<state>\w+State)\.\d+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbered();
}
