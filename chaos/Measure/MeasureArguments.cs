namespace Lms.Chaos.Measure;

/// <summary>What the command line of <c>chaos measure</c> says.</summary>
internal sealed record MeasureArguments
{
    public const string Usage =
        "Usage: chaos measure failover|freeze|restart|rolling|soak|orders|degraded|isolation|overload|alerts [--rounds N] [--minutes N] [--divide N] [--json FILE]";

    public required string What { get; init; }

    /// <summary>Of failover, freeze, restart, rolling and isolation; each has its own number where nothing is said.</summary>
    public int? Rounds { get; private set; }

    /// <summary>Of the soak.</summary>
    public int Minutes { get; private set; } = 10;

    /// <summary>Of alerts: what takes minutes takes so many times less.</summary>
    public int Divisor { get; private set; } = 10;

    public string? Json { get; private set; }

    public static MeasureArguments Parse(IReadOnlyList<string> arguments)
    {
        var words = new CommandLine(arguments, Usage);
        var parsed = new MeasureArguments { What = words.Next() ?? throw new UsageException("measure what?", Usage) };
        while (words.Next() is { } word)
        {
            switch (word)
            {
                case "--rounds":
                    parsed.Rounds = words.Number(word, 1, 1_000);
                    break;
                case "--minutes":
                    parsed.Minutes = words.Number(word, 1, 1_440);
                    break;
                case "--divide":
                    parsed.Divisor = words.Number(word, 1, 100);
                    break;
                case "--json":
                    parsed.Json = words.Value(word);
                    break;
                default:
                    throw words.Unknown(word);
            }
        }

        return parsed;
    }
}
