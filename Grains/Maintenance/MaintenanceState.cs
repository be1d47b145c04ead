using Lms.Grains.Abstractions.Maintenance;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Maintenance;

[GenerateSerializer, Alias("lms.maintenance-state")]
internal sealed record MaintenanceState : State
{
    public const string Name = "maintenance";

    /// <summary>Null until somebody announces something.</summary>
    [Id(0)] public MaintenanceNotice? Notice { get; init; }
}
