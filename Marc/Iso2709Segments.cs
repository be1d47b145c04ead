namespace Lms.Marc;

internal enum SegmentEnding
{
    Terminator,
    EndOfStream,
    TooLong,
}

/// <param name="Offset">The byte of the stream at which the segment begins.</param>
/// <param name="Bytes">With the terminator; valid until the next segment is read.</param>
/// <param name="Ending">Of a segment that is too long, the rest is skipped.</param>
internal readonly record struct Iso2709Segment(long Offset, ReadOnlyMemory<byte> Bytes, SegmentEnding Ending);

/// <summary>Cuts a stream at its record terminators. Holds one record, never more than the longest.</summary>
internal sealed class Iso2709Segments(Stream stream)
{
    private byte[] buffer = new byte[1 << 16];
    private long offset;
    private int start;
    private int end;

    public async ValueTask<Iso2709Segment?> NextAsync(CancellationToken cancellationToken)
    {
        var searched = 0;
        while (true)
        {
            if (searched == 0)
            {
                SkipPadding();
            }

            var found = buffer.AsSpan(start + searched, end - start - searched).IndexOf(Iso2709.RecordTerminator);
            if (found >= 0)
            {
                return Take(searched + found + 1, SegmentEnding.Terminator);
            }

            searched = end - start;
            if (searched >= Iso2709Reader.LongestRecord)
            {
                var tooLong = Take(searched, SegmentEnding.TooLong);
                var kept = tooLong.Bytes[..256].ToArray();
                await SkipAsync(cancellationToken);
                return tooLong with { Bytes = kept };
            }

            if (!await FillAsync(cancellationToken))
            {
                return searched == 0 ? null : Take(searched, SegmentEnding.EndOfStream);
            }
        }
    }

    private Iso2709Segment Take(int length, SegmentEnding ending)
    {
        var segment = new Iso2709Segment(offset, buffer.AsMemory(start, length), ending);
        start += length;
        offset += length;
        return segment;
    }

    private void SkipPadding()
    {
        var rest = buffer.AsSpan(start, end - start);
        var padding = rest.IndexOfAnyExcept("\0\t\r\n\x1A"u8);
        padding = padding < 0 ? rest.Length : padding;
        start += padding;
        offset += padding;
    }

    private async ValueTask SkipAsync(CancellationToken cancellationToken)
    {
        do
        {
            var rest = buffer.AsSpan(start, end - start);
            var found = rest.IndexOf(Iso2709.RecordTerminator);
            Take(found < 0 ? rest.Length : found + 1, SegmentEnding.TooLong);
            if (found >= 0)
            {
                return;
            }
        }
        while (await FillAsync(cancellationToken));
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        if (end == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }

        var read = await stream.ReadAsync(buffer.AsMemory(end), cancellationToken);
        end += read;
        return read > 0;
    }
}
