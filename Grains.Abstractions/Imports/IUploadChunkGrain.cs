using System.Globalization;
using Orleans.Concurrency;

namespace Lms.Grains.Abstractions.Imports;

/// <summary>A piece of an upload, where silos and gateways share no disk.</summary>
[Alias("lms.upload-chunk-grain")]
public interface IUploadChunkGrain : IGrainWithStringKey
{
    /// <summary>Bytes a chunk holds; the last one may hold fewer, and one without any ends the upload.</summary>
    const int Size = 256 * 1024;

    [Alias("write")]
    Task WriteAsync(Immutable<byte[]> content, CancellationToken cancellationToken = default);

    /// <summary>Null when it was never written.</summary>
    [Alias("read")]
    Task<Immutable<byte[]>?> ReadAsync(CancellationToken cancellationToken = default);

    [Alias("discard")]
    Task DiscardAsync(CancellationToken cancellationToken = default);
}

/// <summary>How chunks are addressed. The only place that knows what their grain keys look like.</summary>
public static class UploadGrains
{
    public const string Prefix = "upload:";

    extension(IGrainFactory grains)
    {
        /// <param name="upload">Its name.</param>
        /// <param name="index">From 0.</param>
        public IUploadChunkGrain UploadChunk(string upload, int index) => grains.GetGrain<IUploadChunkGrain>(
            string.Create(CultureInfo.InvariantCulture, $"{Prefix}{upload}:{index}"));
    }
}
