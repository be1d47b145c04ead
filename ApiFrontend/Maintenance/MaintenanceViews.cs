using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Maintenance;

namespace Lms.ApiFrontend.Maintenance;

/// <summary>What is announced.</summary>
/// <param name="Mode">off, read-only or closed.</param>
/// <param name="Reason">For everybody to read.</param>
/// <param name="Since">When it was announced.</param>
/// <param name="Until">When it is expected to end.</param>
/// <param name="RetryAfterSeconds">What clients are asked to wait now.</param>
internal sealed record MaintenanceView(
    string Mode, string? Reason, DateTimeOffset? Since, DateTimeOffset? Until, long? RetryAfterSeconds)
{
    public static MaintenanceView From(MaintenanceNotice notice, DateTimeOffset now) => notice.Mode == MaintenanceMode.Off
        ? new("off", Reason: null, notice.Since, Until: null, RetryAfterSeconds: null)
        : new(
            notice.Mode == MaintenanceMode.Closed ? "closed" : "read-only",
            notice.Reason,
            notice.Since,
            notice.Until,
            (long)Math.Ceiling(MaintenanceGate.RetryAfter(notice, now).TotalSeconds));
}

/// <summary>What is to be announced.</summary>
/// <param name="Mode">off, read-only (writes are refused) or closed (everything is).</param>
/// <param name="Reason">Told to whoever is refused, and on the public status page.</param>
/// <param name="Until">When it is expected to end; it ends when it is switched off.</param>
/// <param name="RetryAfterSeconds">What clients are asked to wait, instead of <paramref name="Until"/>.</param>
internal sealed record MaintenanceRequest(string? Mode, string? Reason, DateTimeOffset? Until, int? RetryAfterSeconds)
{
    /// <summary>Null for a mode that does not exist.</summary>
    public SetMaintenance? ToCommand(Operation operation)
    {
        MaintenanceMode? mode = Mode switch
        {
            "off" => MaintenanceMode.Off,
            "read-only" => MaintenanceMode.ReadOnly,
            "closed" => MaintenanceMode.Closed,
            _ => null,
        };
        return mode is { } known
            ? new(operation, known, Reason ?? "", Until, RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null)
            : null;
    }
}
