using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Maintenance;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Maintenance;

/// <summary>What may be announced. Pure: the same state, command and instant give the same decision.</summary>
internal static class MaintenanceRules
{
    private const int MaxReason = 500;

    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    public static Result<MaintenanceState> Set(MaintenanceState state, SetMaintenance command, DateTimeOffset now) => command switch
    {
        _ when state.Knows(command.Operation) => state,
        _ when !Enum.IsDefined(command.Mode) => MaintenanceRejections.ModeUnknown,
        { Mode: MaintenanceMode.Off } => Announced(state, command with { Reason = "", Until = null, RetryAfter = null }, now),
        _ when string.IsNullOrWhiteSpace(command.Reason) || command.Reason.Length > MaxReason => MaintenanceRejections.ReasonInvalid,
        { Until: not null, RetryAfter: not null } => MaintenanceRejections.RetryAfterInvalid,
        { RetryAfter: { } wait } when wait < TimeSpan.FromSeconds(1) || wait > s_longest => MaintenanceRejections.RetryAfterInvalid,
        { Until: { } until } when until <= now => MaintenanceRejections.UntilInvalid,
        _ => Announced(state, command, now),
    };

    private static MaintenanceState Announced(MaintenanceState state, SetMaintenance command, DateTimeOffset now) =>
        (state with { Notice = new(command.Mode, command.Reason.Trim(), command.Until, command.RetryAfter, now) })
        .Stamped(command.Operation, now);
}
