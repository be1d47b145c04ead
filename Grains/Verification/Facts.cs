using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Users;

namespace Lms.Grains.Verification;

/// <summary>What states say that other states must agree with, all of one instant.</summary>
internal sealed record Facts
{
    public List<AccountFact> Accounts { get; init; } = [];

    public List<LendingFact> Lendings { get; init; } = [];

    public List<CopyFact> Copies { get; init; } = [];

    public List<HoldingsFact> Holdings { get; init; } = [];

    public List<SequenceFact> Sequences { get; init; } = [];

    /// <summary>Numbers of authors.</summary>
    public List<GivenNumber> Authors { get; init; } = [];

    public List<LoginFact> Logins { get; init; } = [];

    public List<UserFact> Users { get; init; } = [];

    public List<ReaderFact> Readers { get; init; } = [];

    public int Count => Accounts.Count + Lendings.Count + Copies.Count + Holdings.Count + Sequences.Count + Logins.Count + Users.Count + Readers.Count;

    /// <summary>States that say nothing.</summary>
    public List<Finding> Unreadable { get; init; } = [];
}

internal sealed record AccountFact(ReaderNumber Reader, EntryFact[] Entries, DateTimeOffset WrittenAt);

internal sealed record EntryFact(
    LendingNumber Number, Isbn Isbn, DateOnly StartedOn, bool IsOpen, Barcode? Barcode, DateTimeOffset Deadline);

/// <param name="Terms">Null when the number is void.</param>
internal sealed record LendingFact(LendingNumber Number, LendingTerms? Terms, DateTimeOffset WrittenAt)
{
    public bool IsActive => Terms is { IsReturned: false };
}

internal sealed record LendingTerms(ReaderNumber Reader, Isbn Isbn, DateOnly StartedOn, Barcode? Barcode, bool IsReturned);

/// <param name="Released">Numbers of lendings that gave it back lately.</param>
internal sealed record CopyFact(
    Barcode Barcode,
    Isbn Isbn,
    LendingNumber? Lending,
    ReaderNumber? Reader,
    bool IsWithdrawn,
    LendingNumber[] Released,
    DateTimeOffset WrittenAt);

/// <param name="Adding">May exist before it stands in <paramref name="Barcodes"/>.</param>
/// <param name="Removing">May be withdrawn, and be another book's, while it stands there still.</param>
internal sealed record HoldingsFact(Isbn Isbn, Barcode[] Barcodes, Barcode? Adding, Barcode? Removing, DateTimeOffset WrittenAt);

internal sealed record SequenceFact(string Key, int Reserved, DateTimeOffset WrittenAt);

internal readonly record struct GivenNumber(long Number, DateTimeOffset WrittenAt);

/// <param name="IsRegistering">The user may not exist yet.</param>
internal sealed record LoginFact(
    string Username, UserId? User, ReaderNumber? Reader, bool IsRegistering, DateTimeOffset WrittenAt);

/// <param name="Renaming">Usernames that are claimed for the user besides its own; null when none may be.</param>
internal sealed record UserFact(
    UserId Id, string Username, ReaderNumber? Reader, string?[]? Renaming, DateTimeOffset WrittenAt);

/// <param name="User">Null until the registration has come to its end.</param>
/// <param name="IsUnfinished">A registration or a change is in the middle.</param>
internal sealed record ReaderFact(ReaderNumber Number, UserId? User, bool IsUnfinished, DateTimeOffset WrittenAt);
