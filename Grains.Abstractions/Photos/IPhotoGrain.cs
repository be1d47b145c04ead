using System.Security.Cryptography;
using Orleans.Concurrency;

namespace Lms.Grains.Abstractions.Photos;

/// <summary>The bytes of one photo, named by what they are.</summary>
[Alias("lms.photo-grain")]
public interface IPhotoGrain : IGrainWithStringKey
{
    /// <summary>Stores the photo, or keeps it from being swept as an orphan for another hour.</summary>
    [Alias("store")]
    Task StoreAsync(Photo photo, CancellationToken cancellationToken = default);

    [Alias("get"), ReadOnly]
    Task<Photo?> GetAsync(CancellationToken cancellationToken = default);

    /// <summary>Deletes the photo unless it was stored within the last hour. For photos that nothing refers to.</summary>
    [Alias("discard")]
    Task DiscardAsync(CancellationToken cancellationToken = default);
}

/// <summary>A PNG or JPEG image of at most 20000 bytes.</summary>
[GenerateSerializer, Immutable, Alias("lms.photo")]
public sealed record Photo([property: Id(0)] byte[] Content, [property: Id(1)] string ContentType)
{
    public const int MaxBytes = 20_000;

    /// <summary>SHA-256 of the content in lower-case hexadecimal.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Content));
}

/// <summary>How photos are addressed. The only place that knows what their grain keys look like.</summary>
public static class PhotoGrains
{
    public const string Prefix = "photo:";

    extension(IGrainFactory grains)
    {
        public IPhotoGrain Photo(string hash) => grains.GetGrain<IPhotoGrain>($"{Prefix}{hash}");
    }
}
