using Lms.Grains.Abstractions.Users;

namespace Lms.ApiFrontend.Security;

/// <summary>What becomes of two rings of one library: the newer one counts, and what either has revoked stays revoked. Pure.</summary>
internal static class KeyRings
{
    public static KeyRing Newer(KeyRing? known, KeyRing offered)
    {
        if (known is null)
        {
            return offered;
        }

        if (LastChange(offered) < LastChange(known))
        {
            return known;
        }

        var revoked = (offered.Revoked ?? []).UnionBy(known.Revoked ?? [], key => key.Id).ToArray();
        return new(
            [.. offered.Keys.Where(key => !Array.Exists(revoked, gone => gone.Id == key.Id)).Select(key => Complete(key, known))],
            revoked);
    }

    /// <summary>As others may see it.</summary>
    public static KeyRing Public(this KeyRing ring) =>
        ring with { Keys = [.. ring.Keys.Select(key => key with { EncryptedPrivateKey = [] })] };

    public static bool CanSign(this SigningKey key) => key.EncryptedPrivateKey.Length > 0;

    // Each change but the forgetting of keys that have ended adds an instant, and none takes one away.
    private static DateTimeOffset LastChange(KeyRing ring) =>
        ring.Keys.Select(key => key.CreatedAt)
            .Concat((ring.Revoked ?? []).SelectMany(key => new[] { key.CreatedAt, key.RevokedAt }))
            .DefaultIfEmpty()
            .Max();

    private static SigningKey Complete(SigningKey key, KeyRing known) =>
        key.CanSign() ? key : key with { EncryptedPrivateKey = Array.Find(known.Keys, same => same.Id == key.Id)?.EncryptedPrivateKey ?? [] };
}
