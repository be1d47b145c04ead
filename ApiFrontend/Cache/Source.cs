using Lms.Grains.Abstractions;

namespace Lms.ApiFrontend.Cache;

/// <summary>Where something of the catalogue is read.</summary>
/// <param name="Service">The service that owns it.</param>
/// <param name="Key">Its name in the cache.</param>
/// <param name="FromGrain">Asks its owner.</param>
/// <param name="FromReadModel">Asks the read model; null when that does not know it, which does not mean that there is none.</param>
/// <param name="VersionOf">What its owner counts its changes by.</param>
internal sealed record Source<T>(
    string Service,
    string Key,
    Func<CancellationToken, Task<Result<T>>> FromGrain,
    Func<CancellationToken, Task<T?>> FromReadModel,
    Func<T, int> VersionOf)
    where T : class
{
    /// <summary>What it takes in the memory of this process, about.</summary>
    public int KiB { get; init; } = 1;

    /// <summary>It never changes under its key, and is never old.</summary>
    public bool IsImmutable { get; init; }
}
