namespace Lms.Catalogue;

/// <summary>A stream of at most so many bytes. Owns what it reads from.</summary>
internal sealed class LimitedStream(Stream content, long limit) : ReadOnlyStream
{
    private long _read;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await content.ReadAsync(buffer, cancellationToken);
        _read += read;
        return _read <= limit ? read : throw new InvalidDataException($"It has more than {limit} bytes.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
        }

        base.Dispose(disposing);
    }
}
