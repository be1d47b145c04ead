namespace Lms.Chaos.Cluster;

/// <summary>What a local cluster is to consist of.</summary>
public sealed record ClusterOptions
{
    /// <summary>Where data and logs are; what it holds is continued.</summary>
    public required string Directory { get; init; }

    public int Silos { get; init; } = 3;

    public int Gateways { get; init; } = 2;

    /// <summary>Of the first gateway; the others follow. Free ports when 0.</summary>
    public int HttpPort { get; init; }

    /// <summary>The first gateway loads the demo library, and the cluster is ready when that is loaded.</summary>
    public bool Demo { get; init; }

    /// <summary>Without it the cluster works as well, and a test may want that.</summary>
    public bool CacheRedis { get; init; } = true;

    /// <summary>A second PostgreSQL, which has each write before it is acknowledged, and can take the place of the first.</summary>
    public bool Replica { get; init; }

    /// <summary>A database named <c>lms</c> that is empty although the folder has one.</summary>
    public bool FreshDatabase { get; init; }

    /// <summary>Whether the schema is there before the first silo. Without it silos have to make it.</summary>
    public bool Migrate { get; init; } = true;

    /// <summary>The role without rights to define tables, as which silos and gateways sign in; the owner when null.</summary>
    public string? DatabaseRole { get; init; } = "lms";

    /// <summary>Environment variables of every silo and every gateway.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Environment variables of one process, by its name; they win.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> EnvironmentOf { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>Services of a silo, by its name; all services where nothing is said.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ServicesOf { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Services that have no activation outside the silos that name them.</summary>
    public IReadOnlyList<string> StrictServices { get; init; } = [];

    /// <summary>Programs of silos and gateways; those that were built with this one when null.</summary>
    public string? Binaries { get; init; }

    /// <summary>How long a silo or a gateway may take to become ready.</summary>
    public TimeSpan StartPatience { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Whether silos and gateways are killed when all of it ends, where nothing is lost with them.</summary>
    public bool EndsAtOnce { get; init; }

    /// <summary>How long a silo or a gateway may take to end when asked.</summary>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromSeconds(60);
}
