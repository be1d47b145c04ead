namespace Lms.Chaos.Load;

/// <summary>What the command line of <c>chaos load</c> says.</summary>
internal sealed record LoadArguments(LoadOptions Options, string? Json)
{
    public const string Usage =
        "Usage: chaos load URL... [--rate N] [--seconds N] [--writes 0.2] [--lists 0.2] [--poisson] [--seed N] [--books 200]"
        + " [--readers 40] [--timeout SECONDS] [--desk-timeout SECONDS] [--username NAME] [--password WORD] [--json FILE]";

    public static LoadArguments Parse(IReadOnlyList<string> arguments)
    {
        var urls = new List<Uri>();
        var options = new LoadOptions { Urls = urls, Duration = TimeSpan.FromSeconds(30) };
        string? json = null;
        var words = new CommandLine(arguments, Usage);
        while (words.Next() is { } word)
        {
            switch (word)
            {
                case "--rate":
                    options = options with { Rate = words.Fraction(word, 0.1, 100_000) };
                    break;
                case "--seconds":
                    options = options with { Duration = TimeSpan.FromSeconds(words.Number(word, 1, int.MaxValue)) };
                    break;
                case "--writes":
                    options = options with { Writes = words.Fraction(word, 0, 1) };
                    break;
                case "--lists":
                    options = options with { Lists = words.Fraction(word, 0, 1) };
                    break;
                case "--poisson":
                    options = options with { Poisson = true };
                    break;
                case "--seed":
                    options = options with { Seed = words.Number(word, 0, int.MaxValue) };
                    break;
                case "--books":
                    options = options with { Books = words.Number(word, 1, 100_000) };
                    break;
                case "--readers":
                    options = options with { Readers = words.Number(word, 0, 10_000) };
                    break;
                case "--timeout":
                    options = options with { Timeout = TimeSpan.FromSeconds(words.Fraction(word, 0.1, 600)) };
                    break;
                case "--desk-timeout":
                    options = options with { DeskTimeout = TimeSpan.FromSeconds(words.Fraction(word, 0.1, 600)) };
                    break;
                case "--username":
                    options = options with { Username = words.Value(word) };
                    break;
                case "--password":
                    options = options with { Password = words.Value(word) };
                    break;
                case "--json":
                    json = words.Value(word);
                    break;
                case var url when Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https":
                    urls.Add(address);
                    break;
                default:
                    throw words.Unknown(word);
            }
        }

        return urls is []
            ? throw new UsageException("load needs the URL of a gateway", Usage)
            : new(options, json);
    }
}
