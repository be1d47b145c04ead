using System.Security.Cryptography;
using System.Text;
using Lms.Silo.Storage;

namespace Lms.ApiFrontend.Security;

/// <summary>The secret under which gateways keep private signing keys. Silos do not know it.</summary>
internal sealed class MasterKey
{
    public const int Length = DataDirectory.MasterKeyLength;

    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly byte[] _key;

    public MasterKey(byte[] key)
    {
        if (key.Length != Length)
        {
            throw new ArgumentException($"A master key has {Length} bytes.", nameof(key));
        }

        _key = key;
    }

    /// <summary>A key for one purpose, from which neither the master key nor another purpose's can be found.</summary>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, Length, info: Encoding.UTF8.GetBytes($"lms:{purpose}"));

    /// <summary>The text after a code (HMAC-SHA256) that only gateways with the master key can make.</summary>
    public byte[] Sign(string purpose, ReadOnlySpan<byte> text) =>
        [.. HMACSHA256.HashData(Derive($"signed:{purpose}"), text), .. text];

    /// <summary>What was signed for the purpose; null for anything else.</summary>
    public byte[]? Verify(string purpose, ReadOnlySpan<byte> signed)
    {
        if (signed.Length < HMACSHA256.HashSizeInBytes)
        {
            return null;
        }

        var text = signed[HMACSHA256.HashSizeInBytes..];
        return CryptographicOperations.FixedTimeEquals(
            HMACSHA256.HashData(Derive($"signed:{purpose}"), text), signed[..HMACSHA256.HashSizeInBytes])
                ? text.ToArray()
                : null;
    }

    /// <summary>AES-256-GCM: nonce, tag and text.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> plain)
    {
        var sealedText = new byte[NonceLength + TagLength + plain.Length];
        RandomNumberGenerator.Fill(sealedText.AsSpan(0, NonceLength));
        using var aes = new AesGcm(Derive("key-ring"), TagLength);
        aes.Encrypt(
            sealedText.AsSpan(0, NonceLength),
            plain,
            sealedText.AsSpan(NonceLength + TagLength),
            sealedText.AsSpan(NonceLength, TagLength));
        return sealedText;
    }

    public byte[] Decrypt(ReadOnlySpan<byte> sealedText)
    {
        var plain = new byte[sealedText.Length - NonceLength - TagLength];
        using var aes = new AesGcm(Derive("key-ring"), TagLength);
        aes.Decrypt(
            sealedText[..NonceLength],
            sealedText[(NonceLength + TagLength)..],
            sealedText.Slice(NonceLength, TagLength),
            plain);
        return plain;
    }
}
