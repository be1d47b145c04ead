using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Users;

/// <summary>Which keys there are. Pure: the same state, command and instant give the same decision.</summary>
internal static class KeyRingRules
{
    /// <summary>So many revoked keys are remembered, for people to read.</summary>
    private const int RememberedRevoked = 32;

    public static KeyRingState Ensure(KeyRingState state, SigningKey candidate, DateTimeOffset now) => state.Keys.Length > 0
        ? state
        : (state with { Keys = [candidate] }).Stamped(Operation.New(), now);

    public static KeyRingState Rotate(KeyRingState state, RotateKeys command, DateTimeOffset now) => state switch
    {
        _ when state.Knows(command.Operation) => state,
        _ when state.Ring.AnnouncedAt(now) is null => (state with
        {
            Keys = [command.Candidate with { SignsFrom = Later(now + command.AnnounceFor, state.Keys) }, .. state.Keys],
        }).Stamped(command.Operation, now),
        _ when command.AnnounceFor == TimeSpan.Zero =>
            (state with { Keys = Promoted(state.Keys, now) }).Stamped(command.Operation, now),
        _ => state,
    };

    public static Result<KeyRingState> Revoke(KeyRingState state, RevokeKey command, DateTimeOffset now)
    {
        if (state.Knows(command.Operation) || Array.Exists(state.Revoked, revoked => revoked.Id == command.KeyId))
        {
            return state;
        }

        if (Array.Find(state.Keys, key => key.Id == command.KeyId) is not { } key)
        {
            return UserRejections.KeyUnknown;
        }

        SigningKey[] others = [.. state.Keys.Where(other => other != key)];
        var next = state switch
        {
            _ when state.Ring.SigningAt(now) != key => others,
            _ when state.Ring.AnnouncedAt(now) is not null => Promoted(others, now),
            _ => [command.Candidate with { SignsFrom = Later(now, others) }, .. others],
        };
        return (state with
        {
            Keys = next,
            Revoked = [new(key.Id, key.CreatedAt, now), .. state.Revoked.Take(RememberedRevoked - 1)],
        }).Stamped(command.Operation, now);
    }

    public static KeyRingState DropEnded(KeyRingState state, TimeSpan verifyFor, DateTimeOffset now)
    {
        SigningKey[] good = [.. state.Keys.Where(key => !(state.Ring.EndOf(key, verifyFor) <= now))];
        return good.Length == state.Keys.Length ? state : (state with { Keys = good }).Stamped(Operation.New(), now);
    }

    private static SigningKey[] Promoted(SigningKey[] keys, DateTimeOffset now) =>
        [keys[0] with { SignsFrom = Later(now, keys[1..]) }, .. keys[1..]];

    // Never before the one it follows, even if this silo's clock is behind: the order of keys is the order of their times.
    private static DateTimeOffset Later(DateTimeOffset instant, SigningKey[] before) =>
        before is [var newest, ..] && newest.StartsAt > instant ? newest.StartsAt : instant;
}
