using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Lendings;

public sealed record AccountRow : Projection
{
    public override string State => "account";

    /// <summary>The number of the reader, such as "2024/1".</summary>
    public required string Reader { get; init; }

    public required IReadOnlyList<AccountEntry> Entries { get; init; }
}

/// <summary>One lending that counts for a reader.</summary>
/// <param name="Number">The number of the lending.</param>
/// <param name="Isbn">The book.</param>
/// <param name="Phase">One of <see cref="AccountPhase"/>.</param>
/// <param name="Deadline">Until when a pending entry may wait for its lending.</param>
/// <param name="Barcode">The copy, if the book has copies.</param>
public sealed record AccountEntry(string Number, string Isbn, string Phase, DateTimeOffset? Deadline, string? Barcode);

/// <summary>How far the process of an entry has come.</summary>
public static class AccountPhase
{
    public const string Pending = "pending";
    public const string Open = "open";
    public const string Undoing = "undoing";
}
