using System.Collections.Concurrent;
using Lms.Grains.Abstractions.Users;

namespace Lms.ApiFrontend.Security;

/// <summary>Tokens of one user that are good no longer: all below a version.</summary>
/// <param name="User">The user's number.</param>
/// <param name="Below">The first version that is good.</param>
/// <param name="Until">When the last of them has ended by itself.</param>
internal sealed record RevokedVersions(long User, int Below, DateTimeOffset Until);

/// <summary>Whose tokens are good no longer. Whatever is learnt, from whomever and in whatever order, only adds to it.</summary>
internal sealed class RevokedTokens
{
    private readonly ConcurrentDictionary<long, RevokedVersions> _byUser = new();

    /// <summary>By user, so that equal sets are equal lists.</summary>
    public IReadOnlyList<RevokedVersions> All => [.. _byUser.Values.OrderBy(revoked => revoked.User)];

    public bool Contain(UserId user, int tokenVersion) =>
        _byUser.TryGetValue(user.Value, out var revoked) && tokenVersion < revoked.Below;

    public void Add(RevokedVersions revoked) => _byUser.AddOrUpdate(
        revoked.User,
        static (_, added) => added,
        static (user, known, added) => new(user, Math.Max(known.Below, added.Below), known.Until > added.Until ? known.Until : added.Until),
        revoked);

    /// <summary>Forgets what has ended by itself.</summary>
    public void Forget(DateTimeOffset now)
    {
        foreach (var ended in _byUser.Where(revoked => revoked.Value.Until <= now))
        {
            _byUser.TryRemove(ended);
        }
    }
}
