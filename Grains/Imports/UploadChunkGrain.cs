using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Infrastructure;
using Orleans.Concurrency;

namespace Lms.Grains.Imports;

[GenerateSerializer, Alias("lms.upload-chunk-state")]
internal sealed record UploadChunkState : State
{
    public const string Name = "upload-chunk";

    [Id(0)] public byte[]? Content { get; init; }
}

internal sealed class UploadChunkGrain(
    [PersistentState(UploadChunkState.Name, GrainStorage.Name)] IPersistentState<UploadChunkState> storage,
    GrainServices services) : LibraryGrain<UploadChunkState>(storage, services), IUploadChunkGrain
{
    public async Task WriteAsync(Immutable<byte[]> content, CancellationToken cancellationToken)
    {
        await CommitAsync(State with { Content = content.Value, CreatedAt = Now }, cancellationToken);
        DeactivateOnIdle();
    }

    public Task<Immutable<byte[]>?> ReadAsync(CancellationToken cancellationToken)
    {
        // Each chunk is read once: memory is for grains that are asked again.
        DeactivateOnIdle();
        return Task.FromResult<Immutable<byte[]>?>(State.Content is { } content ? new(content) : null);
    }

    public Task DiscardAsync(CancellationToken cancellationToken) =>
        State.Content is null ? Task.CompletedTask : ForgetStateAsync(cancellationToken);
}
