namespace Lms.Chaos.Up;

/// <summary>What the command line of <c>chaos up</c> says.</summary>
internal sealed record UpArguments
{
    public const string Usage =
        "Usage: chaos up [--silos N] [--gateways N] [--demo] [--dir DIR] [--port PORT] [--restart] [--replica]";

    public int Silos { get; private set; } = 3;

    public int Gateways { get; private set; } = 2;

    public string Directory { get; private set; } = "cluster";

    public int Port { get; private set; } = 8080;

    public bool Demo { get; private set; }

    public bool Restart { get; private set; }

    public bool Replica { get; private set; }

    /// <summary>Another folder of programs than the one this program was built in.</summary>
    public string? Binaries { get; private set; }

    public static UpArguments Parse(IReadOnlyList<string> arguments)
    {
        var parsed = new UpArguments();
        var words = new CommandLine(arguments, Usage);
        while (words.Next() is { } word)
        {
            switch (word)
            {
                case "--silos":
                    parsed.Silos = words.Number(word, 1, 20);
                    break;
                case "--gateways":
                    parsed.Gateways = words.Number(word, 0, 20);
                    break;
                case "--port":
                    parsed.Port = words.Number(word, 0, ushort.MaxValue);
                    break;
                case "--dir":
                    parsed.Directory = words.Value(word);
                    break;
                case "--binaries":
                    parsed.Binaries = words.Value(word);
                    break;
                case "--demo":
                    parsed.Demo = true;
                    break;
                case "--restart":
                    parsed.Restart = true;
                    break;
                case "--replica":
                    parsed.Replica = true;
                    break;
                default:
                    throw words.Unknown(word);
            }
        }

        return parsed is { Demo: true, Gateways: 0 }
            ? throw new UsageException("--demo needs a gateway, which loads it", Usage)
            : parsed;
    }
}
