using Lms.Grains.Abstractions.Users;

namespace Lms.Grains.Tests.Users;

public sealed class UserGrainTests(ClusterFixture fixture) : GrainTest(fixture)
{
    [Fact]
    public async Task A_registered_user_is_found_by_username_and_signs_in_with_the_hash()
    {
        var username = Any.Username;
        var user = await RegisterAsync(username);

        var found = await Grains.Login(Username.Of(username.Email.ToUpperInvariant())).FindAsync(Token);
        var credentials = await Grains.User(user).GetCredentialsAsync(Token);

        Assert.Equal(user, found.Value?.User);
        Assert.Equal("hash", credentials.Value?.PasswordHash);
        Assert.Equal(UserRejections.LoginUnknown, (await Grains.Login(Any.Username).FindAsync(Token)).Rejection);
    }

    [Fact]
    public async Task A_disabled_user_keeps_the_username_taken()
    {
        var username = Any.Username;
        var user = await RegisterAsync(username);

        await Grains.User(user).DisableAsync(Any.Operation, Token);

        Assert.False((await Grains.User(user).GetAsync(Token)).Value?.IsEnabled);
        Assert.Equal(UserRejections.UsernameTaken, (await Grains.Login(username).RegisterAsync(Registration(), Token)).Rejection);
    }

    [Theory]
    [InlineData("hash", "stronger")]
    [InlineData("stale", "hash")]
    public async Task A_stronger_hash_replaces_the_one_it_was_made_from_and_no_other(string oldHash, string stored)
    {
        var user = await RegisterAsync(Any.Username);

        await Grains.User(user).RehashAsync(oldHash, "stronger", Token);

        Assert.Equal(stored, (await Grains.User(user).GetCredentialsAsync(Token)).Value?.PasswordHash);
    }

    [Fact]
    public async Task Judging_a_registration_makes_nothing()
    {
        var (username, command) = (Any.Username, Registration());

        var before = await Grains.Login(username).CheckAsync(command, Token);
        var registered = await Grains.Login(username).RegisterAsync(command, Token);
        var repeated = await Grains.Login(username).CheckAsync(command, Token);
        var other = await Grains.Login(username).CheckAsync(Registration(), Token);

        Assert.Equal(new(null, null), before);
        Assert.Equal(registered.Value, repeated.Earlier);
        Assert.Equal(UserRejections.UsernameTaken, other.Refusal);
    }

    [Theory]
    [InlineData("!", "READER", "name-invalid")]
    [InlineData("Ana", "BOSS", "role-unknown")]
    public async Task A_bad_registration_takes_no_username(string name, string role, string code)
    {
        var username = Any.Username;

        var refused = await Grains.Login(username).RegisterAsync(new(Any.Operation, name, "hash", [role]), Token);

        Assert.Equal(code, refused.Rejection?.Code);
        Assert.True((await Grains.Login(username).RegisterAsync(Registration(), Token)).IsAccepted);
    }

    [Fact]
    public async Task The_first_signing_key_stays()
    {
        var first = new SigningKey("k1", [1], [2], Any.Instant);

        var made = await Grains.KeyRing().EnsureAsync(first, Token);
        await Cluster.ForgetAsync(Grains.KeyRing());
        var kept = await Grains.KeyRing().EnsureAsync(first with { Id = "k2" }, Token);

        Assert.Equal(["k1"], made.Keys.Select(key => key.Id));
        Assert.Equal(["k1"], kept.Keys.Select(key => key.Id));
    }

    private static RegisterUser Registration() => new(Any.Operation, "Maria Albertina", "hash", [Roles.Librarian]);

    private async Task<UserId> RegisterAsync(Username username) =>
        (await Grains.Login(username).RegisterAsync(Registration(), Token)).Value!.User;
}
