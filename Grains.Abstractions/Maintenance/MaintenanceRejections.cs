namespace Lms.Grains.Abstractions.Maintenance;

/// <summary>Every reason to refuse an announcement. Codes never change; details may.</summary>
public static class MaintenanceRejections
{
    public static readonly Rejection ModeUnknown =
        new(RejectionKind.Invalid, "maintenance-mode-unknown", "The mode is off, read-only or closed.", "mode");

    public static readonly Rejection ReasonInvalid = new(
        RejectionKind.Invalid, "maintenance-reason-invalid", "Whoever is refused is told why, in 1 to 500 characters.", "reason");

    public static readonly Rejection UntilInvalid =
        new(RejectionKind.Invalid, "maintenance-until-invalid", "It cannot be expected to have ended already.", "until");

    public static readonly Rejection RetryAfterInvalid = new(
        RejectionKind.Invalid,
        "maintenance-retry-after-invalid",
        "Clients are asked to wait for 1 to 86400 seconds, or until an instant, and not both.",
        "retryAfterSeconds");
}
