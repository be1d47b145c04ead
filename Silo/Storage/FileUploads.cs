using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Imports;

namespace Lms.Silo.Storage;

/// <summary>Uploads of an embedded library: files in a folder.</summary>
internal sealed class FileUploads(string folder) : IUploads, IUploadCleanup
{
    private const string Draft = ".part";

    public async Task StoreAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var path = PathOf(name);
        try
        {
            await using (var file = new FileStream(path + Draft, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await content.CopyToAsync(file, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(path + Draft, path, overwrite: true);
        }
        catch
        {
            File.Delete(path + Draft);
            throw;
        }
    }

    public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken) => Task.FromResult<Stream?>(
        File.Exists(PathOf(name))
            ? new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.SequentialScan)
            : null);

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (File.Exists(PathOf(name)))
        {
            File.Delete(PathOf(name));
        }

        return Task.CompletedTask;
    }

    public Task DiscardAsync(DateTimeOffset before, IReadOnlySet<string> keep, CancellationToken cancellationToken)
    {
        if (Directory.Exists(folder))
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles())
            {
                if (file.LastWriteTimeUtc < before.UtcDateTime && !keep.Contains(file.Name))
                {
                    file.Delete();
                }
            }
        }

        return Task.CompletedTask;
    }

    private string PathOf(string name) => name.Length > 0 && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '-')
        ? Path.Combine(folder, name)
        : throw new ArgumentException("The name of an upload has letters, digits and hyphens.", nameof(name));
}
