namespace Lms.Grains.Abstractions.Maintenance;

/// <summary>What the library does not do for a while because somebody said so. Numbers are stored; they never change.</summary>
public enum MaintenanceMode
{
    /// <summary>Nothing is announced.</summary>
    Off = 0,

    /// <summary>Writes are refused.</summary>
    ReadOnly = 1,

    /// <summary>Everything is refused but what switches it off again.</summary>
    Closed = 2,
}

/// <summary>What is announced.</summary>
/// <param name="Mode">What is refused.</param>
/// <param name="Reason">For everybody to read; empty when nothing is announced.</param>
/// <param name="Until">When it is expected to end; null when nobody says. It ends when it is switched off.</param>
/// <param name="RetryAfter">How long whoever is refused is asked to wait, where there is no <paramref name="Until"/>.</param>
/// <param name="Since">When it was announced; null before the first time.</param>
[GenerateSerializer, Immutable, Alias("lms.maintenance-notice")]
public sealed record MaintenanceNotice(
    MaintenanceMode Mode, string Reason = "", DateTimeOffset? Until = null, TimeSpan? RetryAfter = null, DateTimeOffset? Since = null)
{
    /// <summary>Of a library in which nobody ever announced anything.</summary>
    public static MaintenanceNotice Off { get; } = new(MaintenanceMode.Off);
}

/// <summary>Announces what is refused from now on, or that nothing is.</summary>
[GenerateSerializer, Immutable, Alias("lms.set-maintenance")]
public sealed record SetMaintenance(
    Operation Operation, MaintenanceMode Mode, string Reason, DateTimeOffset? Until = null, TimeSpan? RetryAfter = null);
