using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Infrastructure;
using Lms.Grains.Verification;
using Lms.ReadModel.Infrastructure;
using Lms.ReadModel.Lendings;

namespace Lms.Grains.Lendings;

[GenerateSerializer, Alias("lms.lending-state")]
internal sealed record LendingState : State, IProjected<LendingState>, ICompared<LendingState>
{
    public const string Name = "lending";

    [Id(0)] public Lending? Lending { get; init; }

    /// <summary>The number was undone before a lending began under it; none ever will.</summary>
    [Id(1)] public bool IsVoid { get; init; }

    [Id(2)] public DateTimeOffset? StartedAt { get; init; }

    [Id(3)] public DateTimeOffset? ReturnedAt { get; init; }

    /// <summary>The operation that lent the book.</summary>
    [Id(4)] public Guid LentBy { get; init; }

    static string IProjected<LendingState>.StateName => Name;

    static string ICompared<LendingState>.StateName => Name;

    public static void Tell(Facts facts, string key, LendingState state, DateTimeOffset writtenAt) =>
        facts.Lendings.Add(new(
            LendingNumber.Of(key[LendingGrains.LendingPrefix.Length..]),
            state.Lending is { } lending
                ? new(lending.Reader, lending.Isbn, lending.StartedOn, lending.Barcode, lending.ReturnedOn is not null)
                : null,
            writtenAt));

    public static Projection? Project(string key, long rowVersion, LendingState state) =>
        state.Lending is not { } lending
            ? null
            : new LendingRow
            {
                Key = key,
                RowVersion = rowVersion,
                Number = lending.Number.ToString(),
                Year = lending.Number.Year,
                Sequence = lending.Number.Sequence,
                Isbn = lending.Isbn.ToString(),
                BookTitle = lending.BookTitle,
                Reader = lending.Reader.ToString(),
                Status = lending.ReturnedOn is null ? LendingStatus.Active : LendingStatus.Returned,
                StartedOn = lending.StartedOn,
                DueOn = lending.DueOn,
                ReturnedOn = lending.ReturnedOn,
                FinePerDayInCents = lending.FinePerDayInCents,
                FineInCents = lending.FineInCents,
                Barcode = lending.Barcode?.ToString(),
                Version = lending.Version,
                Operation = state.LentBy.ToString(),
            };
}
