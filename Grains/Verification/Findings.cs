namespace Lms.Grains.Verification;

/// <summary>What a look at a whole library came to.</summary>
public sealed record VerifiedLibrary(IReadOnlyList<VerifiedKind> Kinds)
{
    internal const string States = "states";

    /// <summary>Every state says what it says.</summary>
    public bool IsReadable => Kinds.Single(kind => kind.Kind == States).Findings.Count == 0;

    public bool IsRight => Kinds.All(kind => kind.Findings.Count == 0);
}

/// <summary>One kind of agreement.</summary>
/// <param name="Kind">Its name.</param>
/// <param name="Counted">What was compared, for people.</param>
/// <param name="Findings">What does not agree.</param>
/// <param name="Underway">What does not agree yet and was written so lately that it may be going on.</param>
public sealed record VerifiedKind(string Kind, string Counted, IReadOnlyList<Finding> Findings, int Underway);

/// <summary>One thing that contradicts another.</summary>
/// <param name="Subject">The key of the grain that is named first.</param>
/// <param name="Problem">For people.</param>
/// <param name="Since">The last write of what is involved.</param>
/// <param name="Mend">Null when nobody can tell which side is right.</param>
public sealed record Finding(string Subject, string Problem, DateTimeOffset Since, Mend? Mend = null);

/// <summary>How a contradiction ends without anybody having to guess.</summary>
public abstract record Mend
{
    private protected Mend()
    {
    }

    /// <summary>A process was left in the middle and goes on, as after a crash.</summary>
    internal sealed record Resume(string State, string Key) : Mend;

    internal sealed record Release(string Copy, string Lending) : Mend;

    internal sealed record Advance(string Sequence, int Number) : Mend;

    /// <summary>Rows of the read model are written again.</summary>
    internal sealed record Refill : Mend;

    /// <summary>Rows that are newer than the states, or of none, are never overwritten: all are made anew.</summary>
    internal sealed record Rebuild : Mend;
}
