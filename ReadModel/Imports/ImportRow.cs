using Lms.ReadModel.Infrastructure;

namespace Lms.ReadModel.Imports;

public sealed record ImportRow : Projection
{
    public override string State => "import";

    public required string Id { get; init; }

    public required DateTimeOffset QueuedAt { get; init; }

    /// <summary>The upload that it still reads; null when it is finished.</summary>
    public string? Upload { get; init; }
}
