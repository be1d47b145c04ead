using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Imports;

namespace Lms.Grains.Tests.Imports;

public sealed class GrainUploadsTests(ClusterFixture fixture) : ImportTest(fixture)
{
    private const int Size = IUploadChunkGrain.Size;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(Size - 1, 2)]
    [InlineData(Size, 2)]
    [InlineData(Size + 1, 3)]
    [InlineData((2 * Size) + 12345, 4)]
    public async Task What_was_stored_is_read_back(int length, int chunks)
    {
        var (name, content) = (Upload, Content(length));

        await Uploads.StoreAsync(name, new Dribble(content), Token);

        await using var stream = await Uploads.OpenAsync(name, Token);
        using var read = new MemoryStream();
        await stream!.CopyToAsync(read, Token);
        Assert.Equal(content, read.ToArray());
        Assert.Equal(chunks, Chunks(name));
    }

    [Fact]
    public async Task What_was_deleted_is_gone_and_deleting_it_again_does_nothing()
    {
        var name = Upload;
        await Uploads.StoreAsync(name, new MemoryStream(Content(Size + 1)), Token);

        await Uploads.DeleteAsync(name, Token);
        await Uploads.DeleteAsync(name, Token);

        Assert.Null(await Uploads.OpenAsync(name, Token));
        Assert.Equal(0, Chunks(name));
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing()
    {
        var name = Upload;

        await Assert.ThrowsAsync<IOException>(() => Uploads.StoreAsync(name, new Dribble(Content(Size + 1), breaks: true), Token));

        Assert.Equal(0, Chunks(name));
        Assert.Null(await Uploads.OpenAsync(name, Token));
    }

    [Fact]
    public async Task What_nobody_stored_is_null() => Assert.Null(await Uploads.OpenAsync(Upload, Token));

    [Fact]
    public async Task An_upload_without_an_import_is_swept_after_a_day_and_one_that_is_still_read_is_not()
    {
        var orphan = Upload;
        await Uploads.StoreAsync(orphan, new MemoryStream(Content(Size + 1)), Token);
        var grain = await StartAsync(Table(Enumerable.Range(0, 150).Select(_ => Row(Any.Isbn, "Livro"))));
        var paused = (await grain.PauseAsync(Any.Operation, Token)).Value!;

        await Cluster.SweepAsync(Token);
        Assert.NotEqual(0, Chunks(orphan));
        Advance(TimeSpan.FromHours(25));
        await Cluster.SweepAsync(Token);

        Assert.Equal(0, Chunks(orphan));
        Assert.NotEqual(0, Chunks(paused.Source.Upload));
        await grain.CancelAsync(Any.Operation, Token);
    }

    [Fact]
    public async Task What_a_broken_deletion_left_behind_is_swept()
    {
        var name = Upload;
        await Uploads.StoreAsync(name, new MemoryStream(Content((2 * Size) + 1)), Token);
        Storage.FailWrite(UploadChunkState.Name, $"{UploadGrains.Prefix}{name}:1");
        await Assert.ThrowsAnyAsync<Exception>(() => Uploads.DeleteAsync(name, Token));
        Assert.NotEqual(0, Chunks(name));

        Advance(TimeSpan.FromHours(25));
        await Cluster.SweepAsync(Token);

        Assert.Equal(0, Chunks(name));
    }

    private static byte[] Content(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        return content;
    }

    private int Chunks(string name) => Storage.All<UploadChunkState>(UploadChunkState.Name)
        .Count(chunk => chunk.Key.StartsWith($"{UploadGrains.Prefix}{name}:", StringComparison.Ordinal) && chunk.State is not null);

    /// <summary>Gives a few bytes at a time, as a network does, and perhaps not all.</summary>
    private sealed class Dribble(byte[] content, bool breaks = false) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer[..Math.Min(buffer.Length, 10_007)], cancellationToken);
            return read == 0 && breaks ? throw new IOException("The client is gone.") : read;
        }
    }
}
