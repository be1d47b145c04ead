namespace Lms.Contract.Tests;

public sealed class PhotoTests(LibraryFixture library)
{
    [Theory]
    [InlineData(20_000, 201)]
    [InlineData(20_001, 400)]
    public async Task A_photo_has_20000_bytes_at_most(int size, int status)
    {
        var photo = Photo.Png(size);
        Assert.Equal(size, photo.Bytes.Length);

        foreach (var answer in await GiveAsync(photo))
        {
            Expect.Status(status, answer);
        }
    }

    [Fact]
    public async Task A_photo_is_a_PNG_or_a_JPEG_in_content_and_not_in_name()
    {
        Photo[] refused = [Photo.Gif(), Photo.Lie()];
        Photo[] accepted = [Photo.Png(), Photo.Jpeg(), Photo.Png() with { FileName = "photo.txt" }];

        foreach (var answer in await Task.WhenAll(refused.Select(GiveAsync)))
        {
            Assert.All(answer, one => Expect.BadRequest(one));
        }

        foreach (var answer in await Task.WhenAll(accepted.Select(GiveAsync)))
        {
            Assert.All(answer, one => Expect.Status(201, one));
        }
    }

    [Fact]
    public async Task A_refused_photo_leaves_no_reader_behind()
    {
        var registration = Any.Reader();

        Expect.BadRequest(await library.Anyone.PostAsync("/api/readers", Body.Form(Photo.Gif(), registration)));

        Expect.Status(201, await library.Anyone.PostAsync("/api/readers", Body.Form(registration)));
    }

    [Fact]
    public async Task The_demo_library_shows_three_photos()
    {
        var demo = await library.DemoAsync();
        var reader = await demo.ReaderAsync(1);

        Answer[] photos =
        [
            await demo.Staff.GetAsync("/api/authors/7/photo"),
            await demo.Staff.GetAsync("/api/books/9789722328296/photo"),
            await reader.Api.GetAsync("/api/readers/photo"),
        ];

        Assert.All(photos, photo => Assert.InRange(Expect.Status(200, photo).Body.Length, 1, 20_000));
        Assert.All(
            photos, photo => Assert.True(photo.ContentType is "image/png" or "image/jpeg", $"Not a photo: {photo}"));
    }

    private async Task<Answer[]> GiveAsync(Photo photo)
    {
        var librarian = await library.LibrarianAsync();
        var author = await library.AuthorAsync();
        return
        [
            await librarian.PostAsync("/api/authors", Body.Form(photo, ("name", Any.PersonName), ("bio", Any.Bio))),
            await librarian.PutAsync($"/api/books/{Any.Isbn13}", Body.Form(
                photo, ("title", Any.Title), ("genre", await library.GenreAsync()), ("authors[]", author.Number))),
            await library.Anyone.PostAsync("/api/readers", Body.Form(photo, Any.Reader())),
        ];
    }
}
