using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Users;

namespace Lms.Grains.Tests.Users;

public sealed class KeyRingRulesTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_announceFor = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_verifyFor = TimeSpan.FromHours(10);

    private static readonly KeyRingState s_first = new() { Keys = [Key("k1")] };

    [Fact]
    public void A_new_key_is_known_before_it_signs()
    {
        var state = Rotated(s_first, "k2", s_start);

        Assert.Equal(("k1", "k2"), (Signing(state, s_start), state.Ring.AnnouncedAt(s_start)?.Id));
        Assert.Equal("k1", Signing(state, s_start + s_announceFor - TimeSpan.FromTicks(1)));
        Assert.Equal("k2", Signing(state, s_start + s_announceFor));
        Assert.Null(state.Ring.AnnouncedAt(s_start + s_announceFor));
    }

    [Fact]
    public void While_a_key_is_announced_no_other_is()
    {
        var announced = Rotated(s_first, "k2", s_start);

        Assert.Same(announced, Rotated(announced, "k3", s_start + TimeSpan.FromMinutes(1)));
        Assert.Equal(["k3", "k2", "k1"], Ids(Rotated(announced, "k3", s_start + s_announceFor)));
    }

    [Fact]
    public void A_repeat_announces_nothing()
    {
        var command = new RotateKeys(Any.Operation, Key("k2"), TimeSpan.Zero);
        var state = KeyRingRules.Rotate(s_first, command, s_start);

        Assert.Same(state, KeyRingRules.Rotate(state, command with { Candidate = Key("k3") }, s_start));
    }

    [Fact]
    public void A_key_ends_with_the_last_token_it_signed()
    {
        var state = Rotated(s_first, "k2", s_start);
        var end = s_start + s_announceFor + s_verifyFor;

        Assert.Equal([null, end], state.Keys.Select(key => state.Ring.EndOf(key, s_verifyFor)));
        Assert.Same(state, KeyRingRules.DropEnded(state, s_verifyFor, end - TimeSpan.FromTicks(1)));
        Assert.Equal(["k2"], Ids(KeyRingRules.DropEnded(state, s_verifyFor, end)));
    }

    [Fact]
    public void A_key_of_the_first_releases_signs_from_its_making() =>
        Assert.Equal("k1", Signing(s_first, s_start));

    [Fact]
    public void A_new_key_signs_at_once_when_nobody_has_to_be_told()
    {
        var announced = Rotated(s_first, "k2", s_start);

        Assert.Equal("k2", Signing(Rotated(s_first, "k2", s_start, TimeSpan.Zero), s_start));
        Assert.Equal("k2", Signing(Rotated(announced, "k3", s_start, TimeSpan.Zero), s_start));
    }

    [Fact]
    public void A_revoked_announcement_leaves_the_key_that_signs()
    {
        var state = Revoked(Rotated(s_first, "k2", s_start), "k2", s_start);

        Assert.Equal(["k1"], Ids(state));
        Assert.Equal("k1", Signing(state, s_start + s_announceFor));
        Assert.Null(state.Ring.EndOf(state.Keys[0], s_verifyFor));
    }

    [Fact]
    public void A_revoked_key_that_signs_is_followed_at_once()
    {
        var alone = Revoked(s_first, "k1", s_start);
        var announced = Revoked(Rotated(s_first, "k2", s_start), "k1", s_start);

        Assert.Equal(["new"], Ids(alone));
        Assert.Equal(["k2"], Ids(announced));
        Assert.Equal(("new", "k2"), (Signing(alone, s_start), Signing(announced, s_start)));
    }

    [Fact]
    public void An_earlier_key_never_signs_again()
    {
        var second = Rotated(s_first, "k2", s_start, TimeSpan.Zero);

        var state = Revoked(second, "k2", s_start + TimeSpan.FromHours(1));

        Assert.Equal(["new", "k1"], Ids(state));
        Assert.Equal("new", Signing(state, s_start + TimeSpan.FromHours(1)));
    }

    [Fact]
    public void A_key_is_revoked_once_and_nothing_of_it_but_its_name_remains()
    {
        var state = Revoked(s_first, "k1", s_start);

        Assert.Same(state, Revoked(state, "k1", s_start));
        Assert.Equal([new("k1", s_start, s_start)], state.Revoked);
        Assert.Equal("key-unknown", Revoke(state, "k9", s_start).Rejection?.Code);
    }

    [Fact]
    public void A_silo_whose_clock_is_behind_does_not_mix_the_order_up()
    {
        var announced = Rotated(Rotated(s_first, "k2", s_start, TimeSpan.Zero), "k3", s_start);

        var state = Rotated(announced, "k4", s_start - TimeSpan.FromTicks(1), TimeSpan.Zero);

        Assert.Equal("k3", Signing(state, s_start));
    }

    private static SigningKey Key(string id) => new(id, [1], [2], s_start);

    private static string Signing(KeyRingState state, DateTimeOffset now) => state.Ring.SigningAt(now).Id;

    private static string[] Ids(KeyRingState state) => [.. state.Keys.Select(key => key.Id)];

    private static KeyRingState Rotated(KeyRingState state, string id, DateTimeOffset now, TimeSpan? announceFor = null) =>
        KeyRingRules.Rotate(state, new(Any.Operation, Key(id), announceFor ?? s_announceFor), now);

    private static KeyRingState Revoked(KeyRingState state, string id, DateTimeOffset now) => Revoke(state, id, now).Value!;

    private static Result<KeyRingState> Revoke(KeyRingState state, string id, DateTimeOffset now) =>
        KeyRingRules.Revoke(state, new(Any.Operation, id, Key("new")), now);
}
