using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Lendings;

/// <summary>Who may have a copy. Pure: the same state, command and instant give the same decision.</summary>
internal static class CopyRules
{
    public const int MaxText = 100;

    /// <summary>How long a released lending is remembered: far longer than any message is on its way.</summary>
    public static readonly TimeSpan ReleasedFor = TimeSpan.FromHours(1);

    public static Rejection? Check(string? branch, string? shelfMark) => branch?.Length > MaxText
        ? CopyRejections.BranchTooLong
        : shelfMark?.Length > MaxText ? CopyRejections.ShelfMarkTooLong : null;

    public static Result<CopyState> Register(CopyState state, Barcode barcode, RegisterCopy command, DateTimeOffset now) =>
        state switch
        {
            _ when state.Knows(command.Operation) => state,
            { Copy: { IsWithdrawn: false } } => CopyRejections.Exists,
            _ when Check(command.Branch, command.ShelfMark) is { } refusal => refusal,
            _ => (state with
            {
                Copy = new()
                {
                    Barcode = barcode,
                    Isbn = command.Isbn,
                    Branch = command.Branch,
                    ShelfMark = command.ShelfMark,
                    Version = state.Copy is { } withdrawn ? withdrawn.Version + 1 : 0,
                },
            }).Stamped(command.Operation, now),
        };

    public static Result<CopyState> Take(CopyState state, LendingNumber lending, ReaderNumber reader, Barcode barcode) =>
        state switch
        {
            { Copy: null } or { Copy.IsWithdrawn: true } => CopyRejections.Unknown(barcode),
            { Copy: { } copy } when copy.Lending == lending => state,
            { Copy.Lending: not null } => CopyRejections.NotFree,
            _ when state.Released.Any(released => released.Number == lending) => CopyRejections.NotFree,
            { Copy: { } copy } => state with
            {
                Copy = copy with { Lending = lending, Reader = reader, Version = copy.Version + 1 },
            },
        };

    public static CopyState Release(CopyState state, LendingNumber lending, DateTimeOffset now) => state switch
    {
        _ when state.Released.Any(released => released.Number == lending) => state,
        { Copy: { } copy } when copy.Lending == lending => Remember(
            state with { Copy = copy with { Lending = null, Reader = null, Version = copy.Version + 1 } }, lending, now),
        { Copy: not null } => Remember(state, lending, now),
        _ => state,
    };

    public static Result<CopyState> Change(CopyState state, Barcode barcode, ChangeCopy command, DateTimeOffset now) =>
        state switch
        {
            _ when state.Knows(command.Operation) => state,
            { Copy: null } or { Copy.IsWithdrawn: true } => CopyRejections.Unknown(barcode),
            { Copy: { } copy } when copy.Version != command.ExpectedVersion => CopyRejections.Stale,
            _ when Check(command.Branch, command.ShelfMark) is { } refusal => refusal,
            { Copy: { } copy } => (state with
            {
                Copy = copy with
                {
                    Branch = command.Branch ?? copy.Branch,
                    ShelfMark = command.ShelfMark ?? copy.ShelfMark,
                    Version = copy.Version + 1,
                },
            }).Stamped(command.Operation, now),
        };

    public static Result<CopyState> Withdraw(CopyState state, Barcode barcode, Operation operation, DateTimeOffset now) =>
        state switch
        {
            _ when state.Knows(operation) => state,
            { Copy: null } or { Copy.IsWithdrawn: true } => CopyRejections.Unknown(barcode),
            { Copy.Lending: not null } => CopyRejections.Lent,
            { Copy: { } copy } => (state with { Copy = copy with { IsWithdrawn = true, Version = copy.Version + 1 } })
                .Stamped(operation, now),
        };

    private static CopyState Remember(CopyState state, LendingNumber lending, DateTimeOffset now) => state with
    {
        Released = [.. state.Released.Where(released => now - released.At < ReleasedFor), new(lending, now)],
    };
}

/// <summary>Which copies a book has. Pure.</summary>
internal static class HoldingsRules
{
    public const int MaxCopies = 1000;

    public static Result<HoldingsState> BeginAdd(HoldingsState state, AddCopy command, DateTimeOffset now) => state switch
    {
        _ when CopyRules.Check(command.Branch, command.ShelfMark) is { } refusal => refusal,
        { Barcodes.Length: >= MaxCopies } => CopyRejections.TooMany,
        _ => state with { Adding = command, UnfinishedSince = now },
    };

    public static HoldingsState FinishAdd(HoldingsState state, AddCopy command, DateTimeOffset now) => (state with
    {
        Adding = null,
        UnfinishedSince = null,
        Barcodes = [.. state.Barcodes.Where(barcode => barcode != command.Barcode), command.Barcode],
    }).Stamped(command.Operation, now);

    public static HoldingsState DropAdd(HoldingsState state) => state with { Adding = null, UnfinishedSince = null };

    public static HoldingsState BeginRemove(HoldingsState state, CopyRemoval removal, DateTimeOffset now) =>
        state with { Removing = removal, UnfinishedSince = now };

    public static HoldingsState FinishRemove(HoldingsState state, CopyRemoval removal, DateTimeOffset now) => (state with
    {
        Removing = null,
        UnfinishedSince = null,
        Barcodes = [.. state.Barcodes.Where(barcode => barcode != removal.Barcode)],
    }).Stamped(removal.Operation, now);

    public static HoldingsState DropRemove(HoldingsState state) => state with { Removing = null, UnfinishedSince = null };
}
