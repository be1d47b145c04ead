namespace Lms.Grains.Abstractions.Maintenance;

/// <summary>How the notice is addressed.</summary>
public static class MaintenanceGrains
{
    extension(IGrainFactory grains)
    {
        public IMaintenanceGrain Maintenance() => grains.GetGrain<IMaintenanceGrain>("maintenance:library");
    }
}
