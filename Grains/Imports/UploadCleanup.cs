using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Imports;

/// <summary>Deletes uploads that no import will read: what a crash left behind.</summary>
public interface IUploadCleanup
{
    /// <param name="before">Younger ones are left alone: their import may be about to begin.</param>
    /// <param name="keep">Names of uploads that imports still read.</param>
    /// <param name="cancellationToken">Stops it between two uploads.</param>
    Task DiscardAsync(DateTimeOffset before, IReadOnlySet<string> keep, CancellationToken cancellationToken);
}

/// <inheritdoc/>
internal sealed class UploadChunkCleanup(IStoredStates stored, IGrainFactory grains) : IUploadCleanup
{
    public async Task DiscardAsync(DateTimeOffset before, IReadOnlySet<string> keep, CancellationToken cancellationToken)
    {
        foreach (var row in await stored.GetVersionsAsync(UploadChunkState.Name, cancellationToken))
        {
            var name = row.Key[UploadGrains.Prefix.Length..row.Key.LastIndexOf(':')];
            if (row.WrittenAt < before && !keep.Contains(name))
            {
                await grains.GetGrain<IUploadChunkGrain>(row.Key).DiscardAsync(cancellationToken);
            }
        }
    }
}
