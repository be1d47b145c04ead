using Lms.Grains.Abstractions.Photos;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Photos;

[GenerateSerializer, Alias("lms.photo-state")]
internal sealed record PhotoState : State
{
    public const string Name = "photo";

    [Id(0)] public Photo? Photo { get; init; }

    [Id(1)] public DateTimeOffset StoredAt { get; init; }
}

internal sealed class PhotoGrain(
    [PersistentState(PhotoState.Name, GrainStorage.Name)] IPersistentState<PhotoState> storage,
    GrainServices services) : LibraryGrain<PhotoState>(storage, services), IPhotoGrain
{
    /// <summary>How long a photo may wait for the reference that its uploader is about to write.</summary>
    public static readonly TimeSpan OrphanAge = TimeSpan.FromHours(1);

    public Task StoreAsync(Photo photo, CancellationToken cancellationToken) =>
        State.Photo is not null && Now - State.StoredAt < OrphanAge / 2
            ? Task.CompletedTask
            : CommitAsync(State with { Photo = photo, StoredAt = Now, CreatedAt = State.CreatedAt ?? Now }, cancellationToken);

    public Task<Photo?> GetAsync(CancellationToken cancellationToken) => Task.FromResult(State.Photo);

    public Task DiscardAsync(CancellationToken cancellationToken) =>
        State.Photo is null || Now - State.StoredAt < OrphanAge
            ? Task.CompletedTask
            : CommitAsync(State with { Photo = null }, cancellationToken);
}
