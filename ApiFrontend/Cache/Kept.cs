using Lms.Grains.Abstractions;

namespace Lms.ApiFrontend.Cache;

/// <summary>A value that was read, with what tells how old it is.</summary>
/// <param name="Answer">The value; a refusal is answered and not kept.</param>
/// <param name="Version">What the value's owner counts its changes by.</param>
/// <param name="AsOf">When it was asked for: it is not newer than that.</param>
/// <param name="IsFromReadModel">The read model said so, which may lag behind the grain.</param>
internal sealed record Kept<T>(Result<T> Answer, int Version, DateTimeOffset AsOf, bool IsFromReadModel)
    where T : class
{
    /// <summary>When a value of this version was last given to the other gateways.</summary>
    public DateTimeOffset SharedAt { get; init; } = AsOf;
}
