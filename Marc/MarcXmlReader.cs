using System.Runtime.CompilerServices;
using System.Text;

namespace Lms.Marc;

/// <summary>
/// Reads <see href="https://www.loc.gov/standards/marcxml/">MARCXML</see>, one record at a time: elements named
/// "record", of any prefix and within any wrapper. A malformed record fails alone. Document types are refused and nothing is
/// fetched. Whatever the bytes are, the only exceptions are those of the stream and of cancellation.
/// </summary>
public static class MarcXmlReader
{
    /// <summary>In bytes of UTF-8. A longer element fails.</summary>
    public const int LongestRecord = 4 << 20;

    private const int ChunkLength = 1 << 16;

    /// <summary>Reads to the end of the stream and leaves it open.</summary>
    public static async IAsyncEnumerable<MarcReading> ReadAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var chunk = new byte[ChunkLength];
        var length = await stream.ReadAtLeastAsync(chunk, 4, throwOnEndOfStream: false, cancellationToken);
        var transcoder = Utf16(chunk.AsSpan(0, length)) is { } utf16 ? new Transcoder(utf16) : null;
        var scanner = new MarcXmlScanner(isUtf16: transcoder is not null);
        var number = 0;
        while (length > 0 && !scanner.IsOver)
        {
            var rest = transcoder is null ? chunk.AsMemory(0, length) : transcoder.ToUtf8(chunk.AsSpan(0, length));
            while (!rest.IsEmpty)
            {
                rest = rest[scanner.Scan(rest.Span, out var reading)..];
                if (reading is not null)
                {
                    yield return reading with { Number = ++number };
                }
            }

            length = await stream.ReadAsync(chunk, cancellationToken);
        }

        if (scanner.End(number) is { } last)
        {
            yield return last with { Number = ++number };
        }
    }

    private static UnicodeEncoding? Utf16(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xFF, 0xFE, ..] or [(byte)'<', 0, ..] => new(bigEndian: false, byteOrderMark: false),
        [0xFE, 0xFF, ..] or [0, (byte)'<', ..] => new(bigEndian: true, byteOrderMark: false),
        _ => null,
    };

    private sealed class Transcoder(UnicodeEncoding encoding)
    {
        private readonly Decoder decoder = encoding.GetDecoder();
        private readonly Encoder encoder = Encoding.UTF8.GetEncoder();
        private readonly char[] text = new char[ChunkLength];
        private readonly byte[] bytes = new byte[3 * ChunkLength];

        public ReadOnlyMemory<byte> ToUtf8(ReadOnlySpan<byte> chunk)
        {
            var characters = decoder.GetChars(chunk, text, flush: false);
            return bytes.AsMemory(0, encoder.GetBytes(text.AsSpan(0, characters), bytes, flush: false));
        }
    }
}
