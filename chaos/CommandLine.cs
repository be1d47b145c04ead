using System.Globalization;

namespace Lms.Chaos;

/// <summary>The words of a command line, one after the other.</summary>
internal sealed class CommandLine(IReadOnlyList<string> words, string usage)
{
    private int _next;

    /// <summary>Null when there is none left.</summary>
    public string? Next() => _next < words.Count ? words[_next++] : null;

    /// <summary>The word behind an option.</summary>
    public string Value(string option) =>
        Next() ?? throw new UsageException($"{option} needs a value", usage);

    public int Number(string option, int least, int most) =>
        int.TryParse(Value(option), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least && number <= most
            ? number
            : throw new UsageException($"{option} takes a number from {least} to {most}", usage);

    /// <summary>A number with decimals.</summary>
    public double Fraction(string option, double least, double most) =>
        double.TryParse(Value(option), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && number >= least && number <= most
            ? number
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{option} takes a number from {least} to {most}"), usage);

    public UsageException Unknown(string word) => new($"{word} is not known", usage);
}

/// <summary>A command line that cannot be meant.</summary>
internal sealed class UsageException(string message, string usage) : Exception($"{message}\n{usage}");

/// <summary>What the process answers with when it ends.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Usage = 2;
    public const int Refused = 3;
    public const int Failed = 4;
}
