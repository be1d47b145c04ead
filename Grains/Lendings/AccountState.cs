using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Infrastructure;
using Lms.Grains.Verification;
using Lms.ReadModel.Infrastructure;
using Lms.ReadModel.Lendings;

namespace Lms.Grains.Lendings;

[GenerateSerializer, Alias("lms.account-state")]
internal sealed record AccountState : State, IProjected<AccountState>, ICompared<AccountState>
{
    public const string Name = "account";

    /// <summary>Every lending that counts for the reader, oldest first.</summary>
    [Id(0)] public AccountEntry[] Entries { get; init; } = [];

    static string IProjected<AccountState>.StateName => Name;

    static string ICompared<AccountState>.StateName => Name;

    public static void Tell(Facts facts, string key, AccountState state, DateTimeOffset writtenAt) =>
        facts.Accounts.Add(new(
            ReaderNumber.Of(key[LendingGrains.AccountPrefix.Length..]),
            [
                .. state.Entries.Select(entry => new EntryFact(
                    entry.Number, entry.Isbn, entry.StartedOn, entry.IsOpen, entry.Barcode, entry.Deadline)),
            ],
            writtenAt));

    public AccountEntry? Find(Operation operation) => Array.Find(Entries, entry => entry.Operation.Id == operation.Id);

    public AccountEntry? Find(LendingNumber number) => Array.Find(Entries, entry => entry.Number == number);

    public static Projection? Project(string key, long rowVersion, AccountState state) => new AccountRow
    {
        Key = key,
        RowVersion = rowVersion,
        Reader = key[LendingGrains.AccountPrefix.Length..],
        Entries =
        [
            .. state.Entries.Select(entry => new ReadModel.Lendings.AccountEntry(
                entry.Number.ToString(),
                entry.Isbn.ToString(),
                entry.IsOpen ? AccountPhase.Open : AccountPhase.Pending,
                entry.Deadline,
                entry.Barcode?.ToString())),
        ],
    };
}

/// <summary>One lending as the account knows it: enough to go on with it after a crash.</summary>
[GenerateSerializer, Immutable, Alias("lms.account-entry")]
internal sealed record AccountEntry
{
    [Id(0)] public required Operation Operation { get; init; }

    [Id(1)] public required LendingNumber Number { get; init; }

    [Id(2)] public required Isbn Isbn { get; init; }

    [Id(3)] public required string BookTitle { get; init; }

    [Id(4)] public required UserId ReaderUser { get; init; }

    /// <summary>The copies to try, in this order; empty when the book has no copies.</summary>
    [Id(5)] public Barcode[] Candidates { get; init; } = [];

    [Id(6)] public required DateTimeOffset StartedAt { get; init; }

    [Id(7)] public required DateOnly StartedOn { get; init; }

    [Id(8)] public required DateOnly DueOn { get; init; }

    [Id(9)] public required int FinePerDayInCents { get; init; }

    /// <summary>When an entry that is not open by then is undone.</summary>
    [Id(10)] public required DateTimeOffset Deadline { get; init; }

    /// <summary>The lending is known to exist. False in storage until the next write, even if it does.</summary>
    [Id(11)] public bool IsOpen { get; init; }

    /// <summary>The copy that the open lending has.</summary>
    [Id(12)] public Barcode? Barcode { get; init; }
}
