using Lms.Grains.Abstractions.Imports;

namespace Lms.Catalogue;

/// <summary>Uploads in chunks in grain storage, for gateways and silos that share no disk.</summary>
public sealed class GrainUploads(IGrainFactory grains) : IUploads
{
    public async Task StoreAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var index = 0;
        try
        {
            while (true)
            {
                var chunk = new byte[IUploadChunkGrain.Size];
                var read = await content.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, cancellationToken);
                await grains.UploadChunk(name, index++).WriteAsync(new(chunk[..read]), cancellationToken);
                if (read == 0)
                {
                    return;
                }
            }
        }
        catch
        {
            for (var written = 0; written < index; written++)
            {
                await grains.UploadChunk(name, written).DiscardAsync(CancellationToken.None);
            }

            throw;
        }
    }

    public async Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken) =>
        await grains.UploadChunk(name, 0).ReadAsync(cancellationToken) is { } first
            ? new ChunkStream(grains, name, first.Value)
            : null;

    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        for (var index = 0; ; index++)
        {
            var chunk = grains.UploadChunk(name, index);
            if (await chunk.ReadAsync(cancellationToken) is not { } content)
            {
                return;
            }

            await chunk.DiscardAsync(cancellationToken);
            if (content.Value.Length == 0)
            {
                return;
            }
        }
    }

    /// <summary>Reads one chunk after another; only asynchronously.</summary>
    private sealed class ChunkStream(IGrainFactory grains, string name, byte[] first) : ReadOnlyStream
    {
        private byte[] _chunk = first;
        private int _index;
        private int _position;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_position == _chunk.Length && _chunk.Length > 0)
            {
                var next = await grains.UploadChunk(name, _index + 1).ReadAsync(cancellationToken)
                    ?? throw new EndOfStreamException($"Chunk {_index + 1} of upload {name} is missing.");
                (_chunk, _index, _position) = (next.Value, _index + 1, 0);
            }

            var count = Math.Min(buffer.Length, _chunk.Length - _position);
            _chunk.AsSpan(_position, count).CopyTo(buffer.Span);
            _position += count;
            return count;
        }
    }
}
