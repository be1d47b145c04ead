using Lms.ApiFrontend.Cache;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Abstractions.Books;
using Lms.Grains.Abstractions.Genres;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using ZiggyCreatures.Caching.Fusion.Internals.Distributed;
using StoredPhoto = Lms.Grains.Abstractions.Photos.Photo;

namespace Lms.ApiFrontend.Tests.Cache;

/// <summary>What one gateway shares another reads.</summary>
public sealed class KeptSerializerTests
{
    private readonly KeptSerializer _serializer =
        new(new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>());

    [Fact]
    public void A_book_comes_back_with_its_age()
    {
        var kept = new Kept<Book>(
            new Book
            {
                Isbn = Isbn.Of("9780306406157"),
                IsbnAsGiven = "0306406152",
                Title = "Engenhos que falham",
                Genre = GenreName.Of("Engineering"),
                Authors = [new AuthorNumber(3), new AuthorNumber(1)],
                Description = "<b>É</b>",
                Version = 4,
            },
            4,
            new(2026, 1, 5, 9, 0, 0, 250, TimeSpan.Zero),
            IsFromReadModel: true)
        { SharedAt = new(2026, 1, 5, 8, 59, 30, TimeSpan.Zero) };

        var back = Back(kept);

        Assert.Equivalent(kept, back, strict: true);
    }

    [Fact]
    public void A_photo_comes_back_byte_for_byte()
    {
        var kept = new Kept<StoredPhoto>(new StoredPhoto([0, 1, 255], "image/png"), 0, DateTimeOffset.UnixEpoch, IsFromReadModel: false);

        Assert.Equal(kept.Answer.Value!.Content, Back(kept).Answer.Value!.Content);
    }

    private Kept<T> Back<T>(Kept<T> kept)
        where T : class
    {
        var entry = new FusionCacheDistributedEntry<Kept<T>>(kept, 1, 2, tags: null, metadata: null);
        return _serializer.Deserialize<FusionCacheDistributedEntry<Kept<T>>>(_serializer.Serialize(entry))!.Value;
    }
}
