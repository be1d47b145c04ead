using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Readers;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Lendings;

/// <summary>Who may borrow, and how an account follows its lendings. Pure.</summary>
internal static class AccountRules
{
    /// <summary>An entry counts from the moment it is written, whether or not its lending exists yet.</summary>
    public static Rejection? CheckLend(AccountState state, DateOnly today, int maxOpenLendings) => state.Entries switch
    {
        var entries when entries.Any(entry => entry.DueOn < today) => LendingRejections.HasOverdue,
        { Length: var open } when open >= maxOpenLendings => LendingRejections.LimitReached,
        _ => null,
    };

    public static AccountEntry NewEntry(
        LendBook command, LendingNumber number, Barcode[] candidates, LendingOptions options, DateOnly today, DateTimeOffset now) =>
        new()
        {
            Operation = command.Operation,
            Number = number,
            Isbn = command.Isbn,
            BookTitle = command.BookTitle,
            ReaderUser = command.ReaderUser,
            Candidates = candidates,
            StartedAt = now,
            StartedOn = today,
            DueOn = today.AddDays(options.LendingDays),
            FinePerDayInCents = options.FinePerDayInCents,
            Deadline = now + options.PendingFor,
        };

    public static AccountEntry EntryOf(Lending lending, Operation operation, DateTimeOffset now) => new()
    {
        Operation = operation,
        Number = lending.Number,
        Isbn = lending.Isbn,
        BookTitle = lending.BookTitle,
        ReaderUser = lending.ReaderUser,
        StartedAt = now,
        StartedOn = lending.StartedOn,
        DueOn = lending.DueOn,
        FinePerDayInCents = lending.FinePerDayInCents,
        Deadline = now,
        IsOpen = true,
        Barcode = lending.Barcode,
    };

    public static OpenLending Opening(AccountEntry entry, ReaderNumber reader, Barcode? barcode) => new(
        entry.Operation,
        new()
        {
            Number = entry.Number,
            Isbn = entry.Isbn,
            Reader = reader,
            ReaderUser = entry.ReaderUser,
            BookTitle = entry.BookTitle,
            Barcode = barcode,
            StartedOn = entry.StartedOn,
            DueOn = entry.DueOn,
            FinePerDayInCents = entry.FinePerDayInCents,
        },
        entry.StartedAt);

    /// <summary>
    /// The lending if it is that of the entry. Numbers are given out once, but a library that was restored or loaded without
    /// its sequences may meet one that is in use.
    /// </summary>
    public static Result<Lending> OwnOnly(Result<Lending> lending, AccountEntry entry, ReaderNumber reader) =>
        lending.IsAccepted && (lending.Value.Reader, lending.Value.Isbn, lending.Value.StartedOn) != (reader, entry.Isbn, entry.StartedOn)
            ? LendingRejections.NumberTaken
            : lending;

    /// <summary>No lending will ever come of the entry.</summary>
    public static bool IsHopeless(Rejection rejection) =>
        rejection.Code == LendingRejections.Void.Code || rejection.Code == LendingRejections.NumberTaken.Code;

    public static AccountState Add(AccountState state, AccountEntry entry) =>
        state with { Entries = [.. state.Entries, entry] };

    public static AccountState Open(AccountState state, LendingNumber number, Barcode? barcode) => state with
    {
        Entries =
        [
            .. state.Entries.Select(entry => entry.Number == number ? entry with { IsOpen = true, Barcode = barcode } : entry),
        ],
    };

    /// <summary>The entry no longer counts: its lending is returned, or never came to be.</summary>
    public static AccountState Drop(AccountState state, LendingNumber number) =>
        state with { Entries = [.. state.Entries.Where(entry => entry.Number != number)] };

    /// <summary>Like <see cref="Drop"/>, but a repeat of the command that lent the book will find its answer.</summary>
    public static AccountState Close(AccountState state, AccountEntry entry, DateTimeOffset now) =>
        Drop(state, entry.Number).Stamped(entry.Operation, now, entry.Number.ToString());
}
