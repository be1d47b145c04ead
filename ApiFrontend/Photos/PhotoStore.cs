using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions.Photos;

namespace Lms.ApiFrontend.Photos;

/// <summary>Photos of authors, books and readers.</summary>
internal sealed class PhotoStore(IGrainFactory grains, GrainCalls calls)
{
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
    public async Task<IResult?> AnswerAsync(string? reference, CancellationToken cancellationToken)
    {
        if (reference is null)
        {
            return null;
        }

        var photo = await calls.ReadAsync(grains.Photo(reference), (grain, token) => grain.GetAsync(token), cancellationToken);
        return photo is null ? null : TypedResults.Bytes(photo.Content, photo.ContentType);
    }
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
