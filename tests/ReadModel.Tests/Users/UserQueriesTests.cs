using Lms.ReadModel.Infrastructure;
using Lms.ReadModel.Users;

namespace Lms.ReadModel.Tests.Users;

public sealed class UserQueriesTests : ReadModelTest
{
    private UserQueries Users => new(Database);

    [Theory]
    [InlineData("maria@example.io", null, "1")]
    [InlineData("maria@example", null, "")]
    [InlineData(null, "sao", "2")]
    [InlineData("maria@example.io", "sao", "2 1")]
    [InlineData(null, "_", "")]
    [InlineData(null, null, "10 2 1")]
    public async Task Search_finds_what_matches_in_one_way_at_least_newest_first(
        string? username, string? name, string ids)
    {
        await StoreAsync(
            Any.User(1, "maria@example.io", "Maria"),
            Any.User(2, "joao@example.io", "João São Pedro"),
            Any.User(10, "zoe@example.io", "Zoé"));

        var users = await Users.SearchAsync(username, name, 0, 10, Token);

        Assert.Equal(ids, string.Join(' ', users.Select(user => user.Id)));
    }

    [Theory]
    [InlineData(0, 2, "3 2")]
    [InlineData(2, 2, "1")]
    [InlineData(3, 2, "")]
    public async Task Search_pages(int offset, int limit, string ids)
    {
        await StoreAsync(Any.User(1), Any.User(2), Any.User(3));

        var users = await Users.SearchAsync(null, "any", offset, limit, Token);

        Assert.Equal(ids, string.Join(' ', users.Select(user => user.Id)));
    }

    [Fact]
    public async Task A_user_is_shown_as_stored()
    {
        await StoreAsync(Any.User(1, "a@example.io", "Zé") with { Roles = "LIBRARIAN ADMIN", Enabled = false });

        var user = Assert.Single(await Users.SearchAsync("a@example.io", null, 0, 10, Token));

        Assert.Equal(new UserSummary(1, "a@example.io", "Zé", "LIBRARIAN ADMIN", false), user);
    }

    [Fact]
    public async Task Revocations_are_those_since_the_instant()
    {
        await StoreAsync(
            Any.User(1) with { RevokedAt = Any.Instant.AddMilliseconds(-1) },
            Any.User(2) with { RevokedAt = Any.Instant, TokenVersion = 3 },
            Any.User(3) with { RevokedAt = Any.Instant.AddDays(1), Enabled = false },
            Any.User(4));

        Assert.Equal(
            [new(2, true, 3, Any.Instant), new(3, false, 0, Any.Instant.AddDays(1))],
            await Users.RevocationsAsync(Any.Instant, Token));
    }

    [Fact]
    public async Task Credentials_are_those_of_the_user_whom_the_claim_on_the_username_names()
    {
        await StoreAsync(
            Any.Login("maria@example.io") with { UserId = 1 },
            Any.User(1, "maria@example.io", "Maria") with { Roles = "READER", TokenVersion = 3, Reader = "2026/7" },
            Any.User(2, "maria@example.io", "Had the name before") with { RowVersion = 9 });

        var found = await Users.FindCredentialsAsync("maria@example.io", Token);

        Assert.Equal(new StoredCredentials(1, "maria@example.io", "Maria", "READER", true, 3, "2026/7", "hash of 1"), found);
    }

    [Fact]
    public async Task A_username_that_was_given_up_is_nobodys()
    {
        await StoreAsync(Any.Login("maria@example.io") with { UserId = null }, Any.User(1, "maria@example.io"));

        Assert.Null(await Users.FindCredentialsAsync("maria@example.io", Token));
        Assert.Null(await Users.FindCredentialsAsync("nobody@example.io", Token));
    }

    [Fact]
    public async Task Nobody_signs_in_by_a_row_of_the_release_before_until_it_is_made_anew()
    {
        await StoreAsync(Any.Login("maria@example.io") with { UserId = 1 }, Any.User(1, "maria@example.io"));
        await ExecuteAsync("UPDATE users SET password_hash = NULL, projection_schema = 1");

        Assert.Null(await Users.FindCredentialsAsync("maria@example.io", Token));
        var row = (await new ReadModelVersions(Database).GetAsync("user", Token))["user:1"];
        Assert.True(row.Schema < ReadModelVersions.CurrentSchema("user"), "The reconciler would leave the row alone.");

        await StoreAsync(Any.User(1, "maria@example.io"));
        Assert.Equal("hash of 1", (await Users.FindCredentialsAsync("maria@example.io", Token))?.PasswordHash);
    }

    [Fact]
    public void Whoever_writes_credentials_down_writes_no_hash() => Assert.DoesNotContain(
        "secret", new StoredCredentials(1, "", "", "", true, 0, null, "secret").ToString(), StringComparison.Ordinal);
}
