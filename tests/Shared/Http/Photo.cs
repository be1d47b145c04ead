using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Lms.Tests.Shared;

/// <summary>Real pictures made here: one grey point, padded to any size where a size matters.</summary>
public sealed record Photo(byte[] Bytes, string ContentType, string FileName)
{
    private const int ChunkOverhead = 12;

    public static Photo Png() => new(PngBytes(0), "image/png", "photo.png");

    public static Photo Png(int size)
    {
        var rest = size - PngBytes(0).Length;
        return new(PngBytes(rest), "image/png", "photo.png");
    }

    public static Photo Jpeg() => new(JpegBytes(), "image/jpeg", "photo.jpg");

    public static Photo Gif() => new("GIF89a\u0001\0\u0001\0\0\0\0;"u8.ToArray(), "image/gif", "photo.gif");

    public static Photo Lie() => new("This is not a picture."u8.ToArray(), "image/png", "photo.png");

    private static byte[] PngBytes(int padding)
    {
        using var stream = new MemoryStream();
        stream.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        Chunk(stream, "IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
        if (padding > 0)
        {
            Chunk(stream, "paDd", new byte[padding - ChunkOverhead]);
        }

        using var points = new MemoryStream();
        using (var zlib = new ZLibStream(points, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write([0, 0x80]);
        }

        Chunk(stream, "IDAT", points.ToArray());
        Chunk(stream, "IEND", []);
        return stream.ToArray();
    }

    private static void Chunk(MemoryStream stream, string type, byte[] data)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(named));
        stream.Write(number);
    }

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }

    private static byte[] JpegBytes() =>
    [
        0xFF, 0xD8,
        0xFF, 0xE0, 0, 16, 0x4A, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0,
        0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64),
        0xFF, 0xC0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0,
        0xFF, 0xC4, 0, 20, 0x00, 1, .. new byte[15], 0,
        0xFF, 0xC4, 0, 20, 0x10, 1, .. new byte[15], 0,
        0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x3F,
        0xFF, 0xD9,
    ];
}
