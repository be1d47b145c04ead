using Orleans.Concurrency;

namespace Lms.Grains.Abstractions.Maintenance;

/// <summary>What is announced for the whole library. Gateways ask every few seconds and keep what they know.</summary>
[Alias("lms.maintenance-grain")]
public interface IMaintenanceGrain : IGrainWithStringKey
{
    [Alias("get"), ReadOnly]
    Task<MaintenanceNotice> GetAsync(CancellationToken cancellationToken = default);

    /// <summary>Takes the place of what was announced before.</summary>
    [Alias("set")]
    Task<Result<MaintenanceNotice>> SetAsync(SetMaintenance command, CancellationToken cancellationToken = default);
}
