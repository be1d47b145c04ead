namespace Lms.Grains.Abstractions.Changes;

/// <summary>Something was committed. Never says what: whoever wants to know reads it, and is asked who he is.</summary>
/// <param name="Entity">What kind of thing, such as "book".</param>
/// <param name="Id">The id that clients know it by, such as an ISBN. Never a name or an e-mail address.</param>
/// <param name="Version">The storage version. Grows with every commit of the thing; it is not its ETag.</param>
/// <param name="At">When it was committed.</param>
[GenerateSerializer, Immutable, Alias("lms.change")]
public sealed record Change(string Entity, string Id, long Version, DateTimeOffset At);

/// <summary>What one silo committed since it last told; nothing, when it only tells that it is there.</summary>
[GenerateSerializer, Immutable, Alias("lms.change-batch")]
public sealed record ChangeBatch(Change[] Changes);

/// <summary>The one stream of changes. Nothing correct depends on it: what it tells may be late, twice or never.</summary>
public static class ChangeFeed
{
    /// <summary>The stream provider.</summary>
    public const string Provider = "lms-feed";

    public const string StreamNamespace = "lms.changes";

    public const string StreamKey = "library";

    /// <summary>One stream needs one queue. Silos and gateways must agree, across releases too.</summary>
    public const int Queues = 1;

    /// <summary>A silo that has nothing to tell says so after this time.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    /// <summary>Things whose changes are told; their names are those of the stored states.</summary>
    public static IReadOnlyList<string> Entities { get; } =
        ["author", "book", "copy", "genre", "import", "lending", "reader", "user"];
}
