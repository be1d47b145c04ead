using Lms.Grains.Abstractions.Users;

namespace Lms.ApiFrontend.Security;

/// <summary>A signing key as administrators see it: never its private part.</summary>
/// <param name="Kid">What tokens name it by.</param>
/// <param name="State">announced, signing, retiring or revoked.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="SignsFrom">UTC; null once revoked.</param>
/// <param name="VerifiesUntil">UTC; null while no other key follows it.</param>
/// <param name="RevokedAt">UTC.</param>
internal sealed record KeyView(
    string Kid,
    string State,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SignsFrom,
    DateTimeOffset? VerifiesUntil,
    DateTimeOffset? RevokedAt)
{
    public static KeyView From(KeyRing ring, SigningKey key, DateTimeOffset now, TimeSpan verifyFor)
    {
        var state = key == ring.SigningAt(now) ? "signing" : key.StartsAt > now ? "announced" : "retiring";
        return new(key.Id, state, key.CreatedAt, key.StartsAt, ring.EndOf(key, verifyFor), RevokedAt: null);
    }

    public static KeyView From(RevokedKey key) =>
        new(key.Id, "revoked", key.CreatedAt, SignsFrom: null, VerifiesUntil: null, key.RevokedAt);
}
