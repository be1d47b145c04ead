using Lms.Grains.Abstractions.Users;
using Lms.Grains.Users;

namespace Lms.Grains.Tests.Users;

public sealed class UserRulesTests
{
    private static readonly UserId s_id = new(7);

    [Theory]
    [InlineData("Ana@Example.ORG", "ana@example.org")]
    [InlineData("a@b", "a@b")]
    [InlineData("josé@exemplo.pt", "josé@exemplo.pt")]
    [InlineData("a+b.c-d@x-y.z", "a+b.c-d@x-y.z")]
    public void A_username_is_an_email_in_lower_case(string text, string email)
    {
        Assert.True(Username.TryParse(text, out var username));
        Assert.Equal(email, username.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ana")]
    [InlineData("@example.org")]
    [InlineData("ana@")]
    [InlineData("ana@@example.org")]
    [InlineData("ana@example..org")]
    [InlineData("ana@.org")]
    [InlineData("ana@example.")]
    [InlineData("an a@example.org")]
    [InlineData("ana@example.org ")]
    [InlineData("ana,1@example.org")] // tokens join id and username with a comma
    [InlineData("ana@example.org\n")]
    public void Anything_else_is_none(string? text) => Assert.False(Username.TryParse(text, out _));

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Before_the_at_sign_stand_64_characters_at_most(int length, bool isUsername) =>
        Assert.Equal(isUsername, Username.TryParse(new string('a', length) + "@example.org", out _));

    [Theory]
    [InlineData(254, true)]
    [InlineData(255, false)]
    public void A_username_has_254_characters_at_most(int length, bool isUsername) =>
        Assert.Equal(isUsername, Username.TryParse($"a@{new string('b', length - 2)}", out _));

    [Theory]
    [InlineData("READER", true)]
    [InlineData("LIBRARIAN,ADMIN", true)]
    [InlineData("reader", false)]
    [InlineData("ROLE_ADMIN", false)]
    [InlineData("READER,BOSS", false)]
    public void Roles_are_reader_librarian_and_admin(string roles, bool areKnown) =>
        Assert.Equal(areKnown, UserRules.AreKnown(roles.Split(',')));

    [Fact]
    public void Nobody_is_without_a_role() => Assert.False(UserRules.AreKnown([]));

    [Fact]
    public void Losing_a_role_ends_the_sessions_and_gaining_one_does_not()
    {
        var state = Created(Roles.Librarian);

        var gained = UserRules.Change(state, Change(new() { Roles = [Roles.Librarian, Roles.Admin] }), Any.Instant);
        var lost = UserRules.Change(gained, Change(new() { Roles = [Roles.Admin] }), Any.Instant.AddHours(1));

        Assert.Equal((0, null), (gained.User!.TokenVersion, gained.RevokedAt));
        Assert.Equal((1, Any.Instant.AddHours(1)), (lost.User!.TokenVersion, lost.RevokedAt!.Value));
    }

    [Fact]
    public void A_disabled_user_is_unknown_to_changes_and_a_repeated_disabling_is_not_refused()
    {
        var operation = Any.Operation;
        var disabled = UserRules.Disable(Created(Roles.Reader), s_id, operation, Any.Instant).Value!;

        Assert.Equal((false, 1), (disabled.User!.IsEnabled, disabled.User.TokenVersion));
        Assert.Same(disabled, UserRules.Disable(disabled, s_id, operation, Any.Instant).Value);
        Assert.Equal(UserRejections.Unknown(s_id), UserRules.Disable(disabled, s_id, Any.Operation, Any.Instant).Rejection);
        Assert.Equal(UserRejections.Unknown(s_id), UserRules.CheckChange(disabled, s_id, new() { FullName = "Ana" }, []));
    }

    [Fact]
    public void A_change_is_judged_by_name_and_roles()
    {
        var state = Created(Roles.Reader);

        Assert.Null(UserRules.CheckChange(state, s_id, new(), []));
        Assert.Equal("name-invalid", UserRules.CheckChange(state, s_id, new() { FullName = "!" }, [])?.Code);
        Assert.Equal("name-forbidden", UserRules.CheckChange(state, s_id, new() { FullName = "Maria Sol" }, ["sol"])?.Code);
        Assert.Equal(UserRejections.RoleUnknown, UserRules.CheckChange(state, s_id, new() { Roles = ["BOSS"] }, []));
    }

    [Fact]
    public void A_username_belongs_to_one_user_at_a_time()
    {
        var (first, second) = (Any.Operation, Any.Operation);
        var claimed = LoginRules.Claim(new(), first, new(1), Any.Instant).Value!;
        var released = LoginRules.Release(claimed, Any.Operation, first.Id, Any.Instant);

        Assert.Same(claimed, LoginRules.Claim(claimed, first, new(1), Any.Instant).Value);
        Assert.Equal(UserRejections.UsernameTaken, LoginRules.Claim(claimed, second, new(2), Any.Instant).Rejection);
        Assert.Equal(UserRejections.UsernameTaken, LoginRules.Claim(claimed, second, new(1), Any.Instant).Rejection);
        Assert.Equal(UserRejections.UsernameTaken, LoginRules.Claim(released, first, new(1), Any.Instant).Rejection);
        Assert.Equal(new UserId(2), LoginRules.Claim(released, second, new(2), Any.Instant).Value?.User);
    }

    [Fact]
    public void A_release_frees_the_claim_it_names_and_no_other()
    {
        var claimed = LoginRules.Claim(new(), Any.Operation, new(1), Any.Instant).Value!;

        Assert.Same(claimed, LoginRules.Release(claimed, Any.Operation, Guid.NewGuid(), Any.Instant));
        Assert.Null(LoginRules.Release(claimed, Any.Operation, claimed.Claim, Any.Instant).User);
    }

    [Theory]
    [InlineData("Sol", true)]
    [InlineData("Arco-Íris", true)]
    [InlineData("", false)]
    [InlineData("dois nomes", false)]
    public void A_forbidden_word_is_one_word(string word, bool isGood) => Assert.Equal(
        isGood, ForbiddenWordsRules.Set(new(), Any.Operation, new([word]), Any.Instant).IsAccepted);

    [Theory]
    [InlineData(50, 1, true)]
    [InlineData(51, 1, false)]
    [InlineData(1, 1000, true)]
    [InlineData(1, 1001, false)]
    public void A_thousand_words_of_fifty_characters_may_be_forbidden(int length, int count, bool isGood)
    {
        var words = Enumerable.Repeat(new string('a', length), count).ToArray();

        Assert.Equal(isGood, ForbiddenWordsRules.Set(new(), Any.Operation, new(words), Any.Instant).IsAccepted);
    }

    private static ChangeUser Change(UserChanges changes) => new(Any.Operation, changes);

    private static UserState Created(params string[] roles) => UserRules.Create(
        new(), s_id, new(Any.Operation, Any.Username, "Ana", "hash", roles, null), Any.Instant).Value!;
}
