using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Lms.ApiFrontend.Journal;

/// <summary>How records stand in the file: a mark, the length, a checksum of both and of the record, the record.</summary>
internal static class JournalFormat
{
    public const int HeadLength = 16;

    private const int MaxRecord = 64 * 1024;
    private const int ChecksumAt = 8;

    private static ReadOnlySpan<byte> Mark => "LMSR"u8;

    public static byte[] Encode(ReadOnlySpan<byte> record)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(record.Length, MaxRecord, nameof(record));
        var bytes = new byte[HeadLength + record.Length];
        Mark.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Mark.Length), record.Length);
        record.CopyTo(bytes.AsSpan(HeadLength));
        Checksum(bytes).CopyTo(bytes.AsSpan(ChecksumAt));
        return bytes;
    }

    /// <summary>
    /// All whole records. What is broken at the end, with nothing whole after it, was torn by a crash while it was written:
    /// nobody was told that it is kept. Whatever is broken before that was whole once.
    /// </summary>
    public static JournalText Read(ReadOnlyMemory<byte> bytes)
    {
        List<ReadOnlyMemory<byte>> records = [];
        var (end, broken, hasHead) = (0, false, false);
        for (var at = 0; at < bytes.Length;)
        {
            if (LengthAt(bytes.Span[at..]) is { } length)
            {
                broken |= at > end;
                hasHead |= at == 0;
                records.Add(bytes.Slice(at + HeadLength, length));
                end = at += HeadLength + length;
            }
            else
            {
                var next = bytes.Span[(at + 1)..].IndexOf(Mark);
                at = next < 0 ? bytes.Length : at + 1 + next;
            }
        }

        return new(records, end, broken, hasHead);
    }

    // Null when no whole record begins here.
    private static int? LengthAt(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadLength || !bytes.StartsWith(Mark))
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[Mark.Length..]);
        return length is >= 0 and <= MaxRecord && length <= bytes.Length - HeadLength
            && Checksum(bytes[..(HeadLength + length)]).SequenceEqual(bytes.Slice(ChecksumAt, HeadLength - ChecksumAt))
                ? length
                : null;
    }

    private static ReadOnlySpan<byte> Checksum(ReadOnlySpan<byte> bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes[..ChecksumAt]);
        hash.AppendData(bytes[HeadLength..]);
        return hash.GetHashAndReset().AsSpan(0, HeadLength - ChecksumAt);
    }
}

/// <summary>What was found in a file.</summary>
/// <param name="Records">Those that are whole.</param>
/// <param name="End">Where the last of them ends; what follows is torn.</param>
/// <param name="IsBroken">Something before <paramref name="End"/> cannot be read.</param>
/// <param name="HasHead">The first record of the file is among them.</param>
internal sealed record JournalText(IReadOnlyList<ReadOnlyMemory<byte>> Records, int End, bool IsBroken, bool HasHead);
