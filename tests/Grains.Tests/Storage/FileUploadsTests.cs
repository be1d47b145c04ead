using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Imports;
using Lms.Silo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Lms.Grains.Tests.Storage;

/// <summary>Uploads of an embedded library: files in its directory.</summary>
public sealed class FileUploadsTests : IDisposable
{
    private static readonly HashSet<string> s_none = [];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lms-uploads-");
    private readonly IHost _host;

    public FileUploadsTests()
    {
        // Never started: what is asked of it needs no silo.
        var builder = Host.CreateApplicationBuilder();
        builder.UseOrleans(silo => silo.AddLmsSilo(_directory.FullName, TimeZoneInfo.Utc));
        _host = builder.Build();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IUploads Uploads => _host.Services.GetRequiredService<IUploads>();

    private IUploadCleanup Cleanup => _host.Services.GetRequiredService<IUploadCleanup>();

    private string Folder => Path.Combine(_directory.FullName, "uploads");

    public void Dispose()
    {
        _host.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task What_was_stored_is_read_back_and_deleted_once()
    {
        await Uploads.StoreAsync("a-1", new MemoryStream([1, 2, 3]), Token);

        await using (var stream = await Uploads.OpenAsync("a-1", Token))
        {
            var content = new byte[4];
            Assert.Equal(3, await stream!.ReadAtLeastAsync(content, 4, throwOnEndOfStream: false, Token));
            Assert.Equal([1, 2, 3, 0], content);
            await Uploads.DeleteAsync("a-1", Token);
        }

        await Uploads.DeleteAsync("a-1", Token);
        Assert.Null(await Uploads.OpenAsync("a-1", Token));
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task What_nobody_stored_is_null()
    {
        Assert.Null(await Uploads.OpenAsync("a", Token));
        await Uploads.DeleteAsync("a", Token);
        await Cleanup.DiscardAsync(DateTimeOffset.MaxValue, s_none, Token);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing()
    {
        await Assert.ThrowsAsync<IOException>(() => Uploads.StoreAsync("a", new Breaking(), Token));

        Assert.Null(await Uploads.OpenAsync("a", Token));
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("../a")]
    [InlineData("a/b")]
    [InlineData("a.part")]
    [InlineData("ã")]
    public async Task A_name_that_could_lead_elsewhere_is_refused(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Uploads.StoreAsync(name, new MemoryStream([1]), Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Uploads.OpenAsync(name, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Uploads.DeleteAsync(name, Token));
    }

    [Fact]
    public async Task Old_uploads_and_drafts_go_but_for_those_that_imports_read()
    {
        var now = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
        foreach (var name in (string[])["young", "old", "kept"])
        {
            await Uploads.StoreAsync(name, new MemoryStream([1]), Token);
        }

        await File.WriteAllBytesAsync(Path.Combine(Folder, "draft.part"), [1], Token);
        foreach (var name in (string[])["old", "kept", "draft.part"])
        {
            File.SetLastWriteTimeUtc(Path.Combine(Folder, name), now.UtcDateTime.AddMinutes(-1));
        }

        File.SetLastWriteTimeUtc(Path.Combine(Folder, "young"), now.UtcDateTime.AddMinutes(1));
        await Cleanup.DiscardAsync(now, new HashSet<string> { "kept" }, Token);

        Assert.Equal(["kept", "young"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private sealed class Breaking : MemoryStream
    {
        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            await destination.WriteAsync(new byte[] { 1 }, cancellationToken);
            throw new IOException("The client is gone.");
        }
    }
}
