using Lms.ApiFrontend.Cache;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Photos;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lms.ApiFrontend.Photos;

/// <summary>Photos of authors, books and readers.</summary>
internal sealed class PhotoStore(IGrainFactory grains, GrainCalls calls, CatalogueCache cache)
{
    private static readonly Rejection s_none = new(RejectionKind.NotFound, "photo-missing", "Photo not found");

    /// <summary>Stores the photo before anything refers to it; answers the reference, or null for no photo.</summary>
    public async Task<string?> StoreAsync(Photo? photo, CancellationToken cancellationToken)
    {
        if (photo is null)
        {
            return null;
        }

        await calls.WriteAsync(grains.Photo(photo.Hash), (grain, token) => grain.StoreAsync(photo, token), cancellationToken);
        return photo.Hash;
    }

    /// <summary>The image, or null when there is none.</summary>
    public async Task<IResult?> AnswerAsync(string? reference, CancellationToken cancellationToken) =>
        reference is null ? null : Answer(await ReadAsync(reference, cancellationToken));

    /// <summary>The image of a book or an author, which may be kept for all who ask; null when there is none.</summary>
    public async Task<IResult?> AnswerOfCatalogueAsync(string? reference, CancellationToken cancellationToken) =>
        reference is null ? null : Answer((await cache.GetAsync(SourceOf(reference), cancellationToken)).Value);

    private static FileContentHttpResult? Answer(Photo? photo) =>
        photo is null ? null : TypedResults.Bytes(photo.Content, photo.ContentType);

    private Task<Photo?> ReadAsync(string reference, CancellationToken cancellationToken) =>
        calls.ReadAsync(grains.Photo(reference), (grain, token) => grain.GetAsync(token), cancellationToken);

    private Source<Photo> SourceOf(string reference) => new(
        ServicePipelines.Shared,
        $"photo:{reference}",
        async token => await ReadAsync(reference, token) is { } photo ? photo : s_none,
        _ => Task.FromResult<Photo?>(null),
        _ => 0)
    {
        IsImmutable = true,
        KiB = 20,
    };
}

internal static class PhotoOperations
{
    extension(RouteHandlerBuilder operation)
    {
        /// <summary>An image, or nothing where the contract says so.</summary>
        public RouteHandlerBuilder AnswersPhoto() => operation
            .Produces<IFormFile>(StatusCodes.Status200OK, "image/png", "image/jpeg")
            .MayBeUnavailable();
    }
}
