using Lms.ApiFrontend.Security;
using Lms.Grains.Abstractions.Users;

namespace Lms.ApiFrontend.Tests.Security;

public sealed class KeyRingsTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly SigningKey s_first = Key("first", 0);
    private static readonly SigningKey s_second = Key("second", 10);

    [Fact]
    public void A_newer_ring_takes_the_place_of_an_older_one_and_never_the_other_way_round()
    {
        KeyRing older = new([s_first]), newer = new([s_second, s_first]);

        Assert.Equal(["second", "first"], Ids(KeyRings.Newer(older, newer)));
        Assert.Equal(["second", "first"], Ids(KeyRings.Newer(newer, older)));
    }

    [Fact]
    public void A_ring_that_has_forgotten_keys_that_ended_is_not_older() =>
        Assert.Equal(["second"], Ids(KeyRings.Newer(new([s_second, s_first]), new([s_second]))));

    [Fact]
    public void A_key_that_was_revoked_comes_back_with_no_ring()
    {
        var revoked = new KeyRing([s_second], [new("first", s_start, s_start.AddMinutes(5))]);

        var after = KeyRings.Newer(revoked, new([s_second, s_first])); // as new: its clock was behind

        Assert.Equal(["second"], Ids(after));
        Assert.Equal("first", Assert.Single(after.Revoked!).Id);
        Assert.Equal(["second"], Ids(KeyRings.Newer(new([s_second, s_first]), revoked)));
    }

    [Fact]
    public void A_revocation_is_newer_than_the_ring_before_it()
    {
        KeyRing before = new([s_second, s_first]), after = new([s_second], [new("first", s_start, s_start.AddMinutes(11))]);

        Assert.Equal(["second"], Ids(KeyRings.Newer(after, before)));
        Assert.Equal(["second"], Ids(KeyRings.Newer(before, after)));
    }

    [Fact]
    public void Private_parts_that_are_known_stay_known_when_a_public_ring_is_newer()
    {
        var known = new KeyRing([s_first]);

        var after = KeyRings.Newer(known, new KeyRing([s_second, s_first]).Public());

        Assert.Equal([false, true], after.Keys.Select(key => key.CanSign()));
    }

    private static IEnumerable<string> Ids(KeyRing ring) => ring.Keys.Select(key => key.Id);

    private static SigningKey Key(string id, int minutes) => new(id, [1], [2], s_start.AddMinutes(minutes));
}
