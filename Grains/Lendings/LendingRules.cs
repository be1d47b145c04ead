using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Lendings;

/// <summary>What becomes of one lending. Pure: the same state, command and day give the same decision.</summary>
internal static class LendingRules
{
    /// <summary>How far the clocks of two machines may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>Whichever of open and void is stored first wins for ever.</summary>
    public static Result<LendingState> Open(LendingState state, OpenLending command, DateTimeOffset now) => state switch
    {
        { Lending: not null } when state.LentBy == command.Operation.Id => state,
        { IsVoid: true } => LendingRejections.Void,
        { Lending: not null } => LendingRejections.NumberTaken,
        _ => (state with { Lending = command.Lending, LentBy = command.Operation.Id, StartedAt = command.StartedAt })
            .Stamped(command.Operation, now),
    };

    public static LendingState Void(LendingState state, Operation operation, DateTimeOffset now) =>
        state.Lending is not null || state.IsVoid ? state : (state with { IsVoid = true }).Stamped(operation, now);

    public static Result<LendingState> Close(
        LendingState state, LendingNumber number, CloseLending command, DateTimeOffset now) => state switch
        {
            _ when state.Knows(command.Operation) && state.LentBy != command.Operation.Id => state, // a retry gets the first answer again
            { Lending: null } => LendingRejections.Unknown(number),
            { Lending: { } lending } when lending.Reader != command.Reader => LendingRejections.Unknown(number),
            { Lending: { } lending } when command.ExpectedVersion is { } expected && expected != lending.Version =>
                LendingRejections.Stale,
            { Lending.ReturnedOn: not null } => LendingRejections.AlreadyReturned,
            _ when ReturnBook.Check(command.Commentary, command.Grade) is { } refusal => refusal,
            _ when command.ReturnedAt < state.StartedAt => LendingRejections.ReturnedBeforeLent,
            _ when command.ReturnedAt > now + ClockSkew => LendingRejections.ReturnedInFuture,
            { Lending: { } lending } => Returned(state, lending, command, now),
        };

    private static LendingState Returned(
        LendingState state, Lending lending, CloseLending command, DateTimeOffset now)
    {
        var returned = lending with { ReturnedOn = command.Today, Version = lending.Version + 1 };
        return (state with
        {
            ReturnedAt = command.ReturnedAt ?? now,
            Lending = returned with
            {
                FineInCents = returned.DaysOverdue(command.Today) > 0 ? returned.Fine(command.Today) : null,
                Commentary = command.Commentary,
                Grade = command.Grade,
            },
        }).Stamped(command.Operation, now);
    }
}
