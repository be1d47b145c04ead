using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Users;

namespace Lms.Grains.Tests.Users;

/// <summary>Changing a username claims the new one, changes the user and releases the old one; it is cut short at every write.</summary>
public sealed class RenamingCrashTests(ClusterFixture fixture) : GrainTest(fixture)
{
    private static readonly TimeSpan s_pastGrace = TimeSpan.FromSeconds(11);

    public static TheoryData<string, int, Cut, Finisher> Steps => Crash.At(
        (UserState.Name, 0), (LoginState.Name, 0), (UserState.Name, 1), (LoginState.Name, 1), (UserState.Name, 2));

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_renaming_that_was_cut_short_happens_whole_or_not_at_all(string state, int before, Cut cut, Finisher finisher)
    {
        var (old, renamed) = (Any.Username, Any.Username);
        var user = await RegisterAsync(old);
        var command = Rename(renamed);
        var interruption = Storage.Interrupt(cut, state, key: null, before);

        await Assert.ThrowsAsync<GrainFault>(() => Grains.User(user).ChangeAsync(command, Token));
        await Cluster.ForgetAsync(Grains.User(user));
        await Cluster.ForgetAsync(Grains.Login(old));
        await Cluster.ForgetAsync(Grains.Login(renamed));
        switch (finisher)
        {
            case Finisher.Retry:
                Assert.Equal(renamed.Email, (await Grains.User(user).ChangeAsync(command, Token)).Value?.Username);
                break;
            case Finisher.NextTouch:
                Assert.True((await Grains.User(user).ChangeAsync(new(Any.Operation, new() { FullName = "Outro Nome" }), Token)).IsAccepted);
                break;
            default:
                Advance(s_pastGrace);
                await Cluster.SweepAsync(Token);
                break;
        }

        Assert.True(interruption.Struck.IsCompleted);
        var nothingStored = (state, before) == (UserState.Name, 0) && cut != Cut.ReplyIsLost;
        var happened = finisher == Finisher.Retry || !nothingStored;
        Assert.Null(Stored(user).Renaming);
        Assert.Equal(happened ? renamed.Email : old.Email, Stored(user).User!.Username);
        Assert.Equal(happened ? null : user, Stored(old)?.User);
        Assert.Equal(happened ? user : null, Stored(renamed)?.User);
    }

    [Fact]
    public async Task A_username_that_is_taken_refuses_the_change_and_leaves_all_as_it_was()
    {
        var (old, taken) = (Any.Username, Any.Username);
        var (user, owner) = (await RegisterAsync(old), await RegisterAsync(taken));
        var command = new ChangeUser(Any.Operation, new() { Username = taken, FullName = "Outro Nome", PasswordHash = "other" });

        var refused = await Grains.User(user).ChangeAsync(command, Token);

        Assert.Equal(UserRejections.UsernameTaken, refused.Rejection);
        Assert.Equal((old.Email, "hash"), (Stored(user).User!.Username, Stored(user).PasswordHash));
        Assert.NotEqual("Outro Nome", Stored(user).User!.FullName);
        Assert.Null(Stored(user).Renaming);
        Assert.Equal((user, owner), (Stored(old)!.User, Stored(taken)!.User));
    }

    [Fact]
    public async Task A_late_release_does_not_free_a_username_that_somebody_else_has_claimed_since()
    {
        var (shared, renamed) = (Any.Username, Any.Username);
        var first = await RegisterAsync(shared);
        var claim = Stored(shared)!.Claim;
        await Grains.User(first).ChangeAsync(Rename(renamed), Token);
        var second = await RegisterAsync(shared);

        await Grains.Login(shared).ReleaseAsync(Any.Operation, claim, Token);

        Assert.Equal(second, Stored(shared)!.User);
    }

    [Fact]
    public async Task A_late_claim_does_not_take_a_username_that_the_user_has_given_up_since()
    {
        var (old, passing, last) = (Any.Username, Any.Username, Any.Username);
        var user = await RegisterAsync(old);
        var command = Rename(passing);
        await Grains.User(user).ChangeAsync(command, Token);
        await Grains.User(user).ChangeAsync(Rename(last), Token);

        var late = await Grains.Login(passing).ClaimAsync(command.Operation, user, Token);

        Assert.False(late.IsAccepted);
        Assert.Null(Stored(passing)!.User);
    }

    [Fact]
    public async Task A_username_that_was_given_up_can_be_taken_back()
    {
        var (old, renamed) = (Any.Username, Any.Username);
        var user = await RegisterAsync(old);
        await Grains.User(user).ChangeAsync(Rename(renamed), Token);

        var back = await Grains.User(user).ChangeAsync(Rename(old), Token);

        Assert.Equal(old.Email, back.Value?.Username);
        Assert.Equal((user, null), (Stored(old)!.User, Stored(renamed)!.User));
    }

    [Fact]
    public async Task Of_two_users_who_want_one_username_one_gets_it()
    {
        var wanted = Any.Username;
        UserId[] users = [await RegisterAsync(Any.Username), await RegisterAsync(Any.Username)];

        var results = await Task.WhenAll(users.Select(user => Grains.User(user).ChangeAsync(Rename(wanted), Token)));

        var winner = Assert.Single(results, result => result.IsAccepted);
        Assert.Single(results, result => result.Rejection == UserRejections.UsernameTaken);
        Assert.Equal(winner.Value!.Id, Stored(wanted)!.User);
    }

    private static ChangeUser Rename(Username to) => new(Any.Operation, new() { Username = to });

    private async Task<UserId> RegisterAsync(Username username)
    {
        var registered = await Grains.Login(username)
            .RegisterAsync(new(Any.Operation, "Maria Albertina", "hash", [Roles.Librarian]), Token);
        return registered.Value!.User;
    }

    private UserState Stored(UserId user) => Storage.Find<UserState>(UserState.Name, $"{UserGrains.UserPrefix}{user}")!;

    private LoginState? Stored(Username username) =>
        Storage.Find<LoginState>(LoginState.Name, $"{UserGrains.LoginPrefix}{username}");
}
