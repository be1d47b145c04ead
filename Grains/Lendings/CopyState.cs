using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Infrastructure;
using Lms.Grains.Verification;
using Lms.ReadModel.Infrastructure;
using Lms.ReadModel.Lendings;

namespace Lms.Grains.Lendings;

[GenerateSerializer, Alias("lms.copy-state")]
internal sealed record CopyState : State, IProjected<CopyState>, ICompared<CopyState>
{
    public const string Name = "copy";

    [Id(0)] public Copy? Copy { get; init; }

    /// <summary>Lendings that may not take the copy any more, for as long as a message may be late.</summary>
    [Id(1)] public ReleasedLending[] Released { get; init; } = [];

    static string IProjected<CopyState>.StateName => Name;

    static string ICompared<CopyState>.StateName => Name;

    public static void Tell(Facts facts, string key, CopyState state, DateTimeOffset writtenAt)
    {
        if (state.Copy is { } copy)
        {
            facts.Copies.Add(new(
                Barcode.Of(key[LendingGrains.CopyPrefix.Length..]),
                copy.Isbn,
                copy.Lending,
                copy.Reader,
                copy.IsWithdrawn,
                [.. state.Released.Select(released => released.Number)],
                writtenAt));
        }
    }

    public static Projection? Project(string key, long rowVersion, CopyState state) =>
        state.Copy is not { } copy
            ? null
            : new CopyRow
            {
                Key = key,
                RowVersion = rowVersion,
                Barcode = copy.Barcode.ToString(),
                Isbn = copy.Isbn.ToString(),
                Branch = copy.Branch,
                ShelfMark = copy.ShelfMark,
                Withdrawn = copy.IsWithdrawn,
                Lending = copy.Lending?.ToString(),
                Reader = copy.Reader?.ToString(),
                Version = copy.Version,
            };
}

/// <summary>A lending that gave the copy back, or gave it up before it had it.</summary>
[GenerateSerializer, Immutable, Alias("lms.released-lending")]
internal sealed record ReleasedLending(LendingNumber Number, DateTimeOffset At);

/// <summary>What a book was asked when it was asked to withdraw a copy.</summary>
[GenerateSerializer, Immutable, Alias("lms.copy-removal")]
internal sealed record CopyRemoval(Operation Operation, Barcode Barcode);

[GenerateSerializer, Alias("lms.holdings-state")]
internal sealed record HoldingsState : State, IProjected<HoldingsState>, ICompared<HoldingsState>
{
    public const string Name = "holdings";

    /// <summary>The copies of the book, in the order they came.</summary>
    [Id(0)] public Barcode[] Barcodes { get; init; } = [];

    /// <summary>A copy that is being added and may not exist yet.</summary>
    [Id(1)] public AddCopy? Adding { get; init; }

    [Id(2)] public DateTimeOffset? UnfinishedSince { get; init; }

    /// <summary>A copy that is being withdrawn and may stand in the collection still.</summary>
    [Id(3)] public CopyRemoval? Removing { get; init; }

    static string IProjected<HoldingsState>.StateName => Name;

    static string ICompared<HoldingsState>.StateName => Name;

    public static void Tell(Facts facts, string key, HoldingsState state, DateTimeOffset writtenAt) =>
        facts.Holdings.Add(new(
            Isbn.Of(key[LendingGrains.HoldingsPrefix.Length..]), state.Barcodes, state.Adding?.Barcode, state.Removing?.Barcode, writtenAt));

    public static Projection? Project(string key, long rowVersion, HoldingsState state) => new HoldingsRow
    {
        Key = key,
        RowVersion = rowVersion,
        UnfinishedSince = state.UnfinishedSince,
        Isbn = key[LendingGrains.HoldingsPrefix.Length..],
    };
}
