namespace Lms.ReadModel.Infrastructure;

/// <summary>
/// One grain state as plain columns. Text to be searched comes folded: the read model compares bytes.
/// </summary>
public abstract record Projection
{
    private protected Projection()
    {
    }

    /// <summary>The name of the stored state, such as "book".</summary>
    public abstract string State { get; }

    /// <summary>The key of the grain, such as "isbn:9780306406157".</summary>
    public required string Key { get; init; }

    /// <summary>The version of the storage row that this was made from; not the version that clients see.</summary>
    public required long RowVersion { get; init; }

    /// <summary>Since when a durable process of this state has had steps left; null when it has none.</summary>
    public DateTimeOffset? UnfinishedSince { get; init; }
}
