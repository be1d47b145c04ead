using System.Text.Json.Serialization;

namespace Lms.Grains.Abstractions.Users;

/// <summary>The keys of tokens. Which of them signs follows from the time alone, so nobody has to switch.</summary>
/// <param name="Keys">
/// Newest first. One that is announced waits for its time to sign, so that everybody knows it by then; then comes the one
/// that signs, then those that signed before it and whose last tokens are still good.
/// </param>
/// <param name="Revoked">Keys whose tokens are refused, the last one first.</param>
[GenerateSerializer, Immutable, Alias("lms.key-ring")]
public sealed record KeyRing(SigningKey[] Keys, RevokedKey[]? Revoked = null)
{
    /// <summary>The key that signs at an instant. A clock that is far behind gets the oldest.</summary>
    public SigningKey SigningAt(DateTimeOffset now) => Array.Find(Keys, key => key.StartsAt <= now) ?? Keys[^1];

    /// <summary>The key that will sign, where there is one.</summary>
    public SigningKey? AnnouncedAt(DateTimeOffset now) => Keys is [var newest, ..] && newest.StartsAt > now ? newest : null;

    /// <summary>When the last token of a key has ended; null while the key has no successor.</summary>
    /// <param name="key">One of the ring.</param>
    /// <param name="verifyFor">How long tokens are good, and a margin for clocks that differ.</param>
    public DateTimeOffset? EndOf(SigningKey key, TimeSpan verifyFor) =>
        Array.IndexOf(Keys, key) is > 0 and var index ? Keys[index - 1].StartsAt + verifyFor : null;
}

/// <summary>One RSA key pair.</summary>
/// <param name="Id">The <c>kid</c> of the tokens it signs.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo (DER).</param>
/// <param name="EncryptedPrivateKey">PKCS #8 (DER) under the master key, which only gateways know.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="SignsFrom">UTC; null for keys of the first releases, which signed at once.</param>
[GenerateSerializer, Immutable, Alias("lms.signing-key")]
public sealed record SigningKey(
    string Id, byte[] PublicKey, byte[] EncryptedPrivateKey, DateTimeOffset CreatedAt, DateTimeOffset? SignsFrom = null)
{
    /// <summary>From when on it signs.</summary>
    [JsonIgnore]
    public DateTimeOffset StartsAt => SignsFrom ?? CreatedAt;
}

/// <summary>What remains of a key whose tokens are refused.</summary>
[GenerateSerializer, Immutable, Alias("lms.revoked-key")]
public sealed record RevokedKey(string Id, DateTimeOffset CreatedAt, DateTimeOffset RevokedAt);

/// <summary>Announces a new key. While one is announced already, that one is the answer.</summary>
/// <param name="Candidate">Used unless one is announced; its time to sign is set by the grain.</param>
/// <param name="AnnounceFor">Longer than every gateway's refresh takes. Zero: signs at once.</param>
[GenerateSerializer, Immutable, Alias("lms.rotate-keys")]
public sealed record RotateKeys(Operation Operation, SigningKey Candidate, TimeSpan AnnounceFor);

/// <summary>Drops a key before its time.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Candidate">Signs at once if the key was the one that signs and none is announced.</param>
[GenerateSerializer, Immutable, Alias("lms.revoke-key")]
public sealed record RevokeKey(Operation Operation, string KeyId, SigningKey Candidate);
