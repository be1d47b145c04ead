using System.Security.Cryptography;
using Lms.ApiFrontend.Errors;
using Lms.Catalogue;
using Lms.Grains.Abstractions.Imports;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Lms.ApiFrontend.Imports;

/// <summary>A catalogue file on its way from a request into storage.</summary>
/// <param name="Name">As <see cref="IUploads"/> knows it.</param>
/// <param name="FileName">As the client calls it.</param>
/// <param name="Digest">SHA-256 of its bytes.</param>
internal sealed record UploadedFile(string Name, string? FileName, byte[] Digest)
{
    /// <summary>What one upload may hold, as it is sent.</summary>
    public const long MaxBytes = 1024L * 1024 * 1024;

    /// <summary>Stores the body, or the part called <c>file</c> of a form, as it comes in.</summary>
    public static async Task<(UploadedFile? File, IResult? Refusal)> StoreAsync(
        HttpRequest request, IUploads uploads, CancellationToken cancellationToken)
    {
        var (content, fileName) = IsMultipart(request)
            ? await PartAsync(request, cancellationToken)
            : (request.Body, NameIn(request.Headers.ContentDisposition));
        if (content is null)
        {
            return (null, Problems.Invalid("file-missing", "Send the file as the body, or as the part 'file' of a multipart form.", "file"));
        }

        var name = Guid.NewGuid().ToString("N");
        await using var hashed = new HashingStream(content);
        await uploads.StoreAsync(name, hashed, cancellationToken);
        return (new(name, Short(fileName ?? request.Query["fileName"]), hashed.Digest()), null);
    }

    /// <summary>Judges what is stored by its first bytes.</summary>
    public async Task<CatalogueHead> ReadHeadAsync(
        IUploads uploads, CatalogueFormat? claimed, string? map, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = await uploads.OpenAsync(Name, cancellationToken)
                ?? throw new FileNotFoundException("The upload is gone.");
            await using var unzipped = await CatalogueFile.UnzipAsync(file, cancellationToken);
            return CatalogueHead.Of(await CatalogueHead.ReadAsync(unzipped, cancellationToken), claimed, map);
        }
        catch (InvalidDataException)
        {
            return new(null, "The file begins like gzip, and cannot be unzipped.", IsUnknownType: false);
        }
    }

    private static async Task<(Stream? Content, string? FileName)> PartAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary)
        {
            return (null, null);
        }

        var reader = new MultipartReader(boundary, request.Body);
        try
        {
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
                    && HeaderUtilities.RemoveQuotes(disposition.Name) == "file")
                {
                    return (section.Body, NameIn(section.ContentDisposition));
                }
            }
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            throw new BadHttpRequestException("The form is broken.", exception);
        }

        return (null, null);
    }

    // Whatever else a client calls its file, it is the body.
    private static bool IsMultipart(HttpRequest request) =>
        request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true;

    private static bool IsBroken(Exception exception) =>
        exception is InvalidDataException or IOException and not BadHttpRequestException;

    private static string? NameIn(string? disposition) =>
        ContentDispositionHeaderValue.TryParse(disposition, out var parsed)
            ? HeaderUtilities.RemoveQuotes(parsed.FileNameStar.HasValue ? parsed.FileNameStar : parsed.FileName).Value
            : null;

    private static string? Short(string? name) => string.IsNullOrWhiteSpace(name)
        ? null
        : new string([.. Path.GetFileName(name.Trim()).Where(character => !char.IsControl(character)).Take(200)]);

    /// <summary>Hashes what is read through it.</summary>
    private sealed class HashingStream(Stream content) : ReadOnlyStream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public byte[] Digest() => _hash.GetCurrentHash();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await ReadContentAsync(buffer, cancellationToken);
            _hash.AppendData(buffer.Span[..read]);
            return read;
        }

        // What breaks here is the request, not the storage that the bytes are for.
        private async ValueTask<int> ReadContentAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            try
            {
                return await content.ReadAsync(buffer, cancellationToken);
            }
            catch (Exception exception) when (IsBroken(exception))
            {
                throw new BadHttpRequestException("The file ends before its time.", exception);
            }
        }

        protected override void Dispose(bool disposing)
        {
            _hash.Dispose();
            base.Dispose(disposing);
        }
    }
}
