using System.Globalization;
using System.Text;
using Lms.Grains.Abstractions.Photos;
using Lms.Grains.Photos;

namespace Lms.Grains.Tests.Photos;

public sealed class PhotoGrainTests(ClusterFixture fixture) : GrainTest(fixture)
{
    private readonly Photo _photo = new(Encoding.UTF8.GetBytes(Any.Number.ToString(CultureInfo.InvariantCulture)), "image/png");

    private IPhotoGrain Grain => Grains.Photo(_photo.Hash);

    [Fact]
    public async Task A_photo_comes_back_as_it_was_stored()
    {
        await Grain.StoreAsync(_photo, Token);
        await Cluster.ForgetAsync(Grain);

        var stored = await Grain.GetAsync(Token);

        Assert.Equal(_photo.Content, stored?.Content);
        Assert.Equal("image/png", stored?.ContentType);
    }

    [Fact]
    public async Task A_photo_that_nothing_refers_to_is_swept_after_an_hour()
    {
        await Grain.StoreAsync(_photo, Token);
        Advance(PhotoGrain.OrphanAge - TimeSpan.FromSeconds(1));
        await Cluster.SweepAsync(Token);
        var before = await Grain.GetAsync(Token);
        Advance(TimeSpan.FromSeconds(2));
        await Cluster.SweepAsync(Token);

        Assert.NotNull(before);
        Assert.Null(await Grain.GetAsync(Token));
    }

    [Fact]
    public async Task A_photo_that_an_author_refers_to_is_kept()
    {
        await Grain.StoreAsync(_photo, Token);
        await Grains.GetGrain<Abstractions.Authors.IAuthorGrain>($"author:{Any.AuthorNumber}")
            .CreateAsync(new(Any.Operation, "Ana", "Bio", _photo.Hash), Token);
        Advance(PhotoGrain.OrphanAge * 2);

        await Cluster.SweepAsync(Token);

        Assert.NotNull(await Grain.GetAsync(Token));
    }

    [Fact]
    public async Task A_photo_that_is_stored_again_is_kept_for_another_hour()
    {
        await Grain.StoreAsync(_photo, Token);
        Advance(PhotoGrain.OrphanAge - TimeSpan.FromMinutes(1));
        await Grain.StoreAsync(_photo, Token);
        Advance(TimeSpan.FromMinutes(2));

        await Grain.DiscardAsync(Token);

        Assert.NotNull(await Grain.GetAsync(Token));
    }

    [Fact]
    public async Task A_discarded_photo_may_be_stored_again()
    {
        await Grain.StoreAsync(_photo, Token);
        Advance(PhotoGrain.OrphanAge);
        await Grain.DiscardAsync(Token);

        await Grain.StoreAsync(_photo, Token);

        Assert.Equal(_photo.Content, (await Grain.GetAsync(Token))?.Content);
    }
}
