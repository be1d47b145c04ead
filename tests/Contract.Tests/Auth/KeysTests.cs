namespace Lms.Contract.Tests;

/// <summary>The keys of tokens, as administrators see them. None that signs is revoked here: all tests share its tokens.</summary>
public sealed class KeysTests(LibraryFixture library)
{
    private const string Keys = "/api/admin/keys";

    [Fact]
    public async Task The_key_that_signs_and_the_one_announced_are_listed()
    {
        var admin = await library.AdminAsync();

        var kid = Expect.Status(200, await admin.PostAsync($"{Keys}/rotations", new { })).Json.Text("kid")!;
        var listed = Expect.Status(200, await admin.GetAsync(Keys)).Items;

        Assert.Contains(kid, listed.Select(key => key.Text("kid")));
        Assert.Single(listed, key => key.Text("state") == "signing");
        Assert.All(listed, key => Expect.Members(
            key, "kid", "state", "createdAt", "signsFrom", "verifiesUntil", "revokedAt"));
    }

    [Fact]
    [Covers("DELETE /api/admin/keys/{}", 404)]
    public async Task A_key_that_does_not_exist_cannot_be_revoked()
    {
        var answer = await (await library.AdminAsync()).DeleteAsync($"{Keys}/nobody");

        Expect.Problem(404, answer, "key-unknown");
    }
}
