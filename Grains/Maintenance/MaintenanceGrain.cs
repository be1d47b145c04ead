using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Maintenance;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Maintenance;

internal sealed class MaintenanceGrain(
    [PersistentState(MaintenanceState.Name, GrainStorage.Name)] IPersistentState<MaintenanceState> storage,
    GrainServices services) : LibraryGrain<MaintenanceState>(storage, services), IMaintenanceGrain
{
    public Task<MaintenanceNotice> GetAsync(CancellationToken cancellationToken) =>
        Task.FromResult(State.Notice ?? MaintenanceNotice.Off);

    public Task<Result<MaintenanceNotice>> SetAsync(SetMaintenance command, CancellationToken cancellationToken) =>
        CommitAsync(MaintenanceRules.Set(State, command, Now), state => state.Notice, cancellationToken);
}
