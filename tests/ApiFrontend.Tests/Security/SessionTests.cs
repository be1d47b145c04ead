using Lms.ApiFrontend.Security;
using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Users;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Lms.ApiFrontend.Tests.Security;

public sealed class SessionTests(ClockFixture fixture) : GatewayTest
{
    private const string Anything = "/api/authors/top5"; // 404 for whoever may ask: the library is empty

    private static readonly string[] s_reader = [Roles.Reader];
    private static readonly string[] s_both = [Roles.Librarian, Roles.Admin];

    private TestLibrary Library => fixture.Library;

    [Fact]
    public async Task A_disabled_user_is_let_in_no_more_here_at_once_and_elsewhere_after_the_next_refresh()
    {
        var (caller, id, username) = await LibrarianAsync();
        var elsewhere = await Library.StartGatewayAsync();
        var callerThere = elsewhere.Anyone.With(caller.Token);

        Expect.Status(200, await (await AdminAsync()).DeleteAsync($"/api/admin/users/{id}"));

        Expect.Refused(401, await caller.GetAsync(Anything));
        Expect.Status(404, await callerThere.GetAsync(Anything));
        fixture.Clock.Advance(TimeSpan.FromSeconds(2));
        Expect.Refused(401, await OnceRefusedAsync(callerThere));
        await elsewhere.App.StopAsync(Token);
        var signIn = await Library.Anyone.PostAsync("/api/public/login", new { username, password = TestLibrary.Password });
        Expect.Empty(401, signIn);
        Assert.Null(signIn.Header("Authorization"));
    }

    [Fact]
    public async Task A_user_who_loses_a_role_signs_in_again()
    {
        var (caller, id, username) = await LibrarianAsync();
        Expect.Status(200, await (await AdminAsync()).PutAsync($"/api/admin/users/{id}", new { authorities = s_reader }));

        Expect.Refused(401, await caller.GetAsync(Anything));
        var again = await Library.SignInAsync(username, TestLibrary.Password);
        Expect.Status(404, await again.GetAsync(Anything));
        Assert.Equal("READER", new JsonWebToken(again.Token).GetClaim("roles").Value);
    }

    [Fact]
    public async Task A_user_who_gains_a_role_stays_signed_in()
    {
        var (caller, id, _) = await LibrarianAsync();
        Expect.Status(200, await (await AdminAsync()).PutAsync(
            $"/api/admin/users/{id}", new { authorities = s_both }));

        fixture.Clock.Advance(TimeSpan.FromSeconds(2));
        await Library.GatewayAt(0).Service<Revocations>().RefreshAsync(Token);

        Expect.Status(404, await caller.GetAsync(Anything));
    }

    [Fact]
    public async Task Nobody_can_tell_an_unknown_user_from_a_wrong_password()
    {
        var (_, _, username) = await LibrarianAsync();

        var unknown = await Library.Anyone.PostAsync("/api/public/login", new { username = Any.Email, password = "Aa1-wrong" });
        var wrong = await Library.Anyone.PostAsync("/api/public/login", new { username, password = "Aa1-wrong" });
        var tooLong = await Library.Anyone.PostAsync(
            "/api/public/login", new { username, password = TestLibrary.Password.PadRight(300, 'x') });

        Assert.All([unknown, wrong, tooLong], answer => Expect.Empty(401, answer));
        Assert.All([unknown, wrong, tooLong], answer => Assert.Null(answer.Header("Authorization")));
    }

    [Fact]
    public async Task A_password_of_the_monolith_signs_in_and_is_hashed_anew()
    {
        var username = Username.Of(Any.Email);
        var old = BCrypt.Net.BCrypt.HashPassword(TestLibrary.Password, workFactor: 4);
        var user = await Library.Grains.Login(username).RegisterAsync(new(Operation.New(), "Ana", old, [Roles.Librarian]), Token);

        await Library.SignInAsync(username.Email, TestLibrary.Password);

        var stored = Library.Stored.Find<UserState>(UserState.Name, Library.Grains.User(user.Value!.User).GetPrimaryKeyString())!;
        Assert.StartsWith("$argon2id$", stored.PasswordHash, StringComparison.Ordinal);
        await Library.SignInAsync(username.Email, TestLibrary.Password);
    }

    [Fact]
    public async Task Usernames_are_the_same_whatever_their_letter_case()
    {
        var (_, _, username) = await LibrarianAsync();

        await Library.SignInAsync(username.ToUpperInvariant(), TestLibrary.Password);
    }

    [Fact]
    public async Task Too_many_sign_ins_at_once_are_told_to_come_back()
    {
        var gateway = await Library.StartGatewayAsync(settings:
            [("Lms:Passwords:MemoryKiB", "32768"), ("Lms:Passwords:Passes", "10"), ("Lms:Passwords:MaxWaiting", "1")]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10 + (2 * Environment.ProcessorCount)).Select(_ =>
            gateway.Anyone.PostAsync("/api/public/login", new { username = Any.Email, password = "Aa1-wrong" })));

        Assert.Contains(answers, answer => answer.Status == 401);
        var refused = answers.Where(answer => answer.Status != 401).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, answer => Expect.Error(503, "Service unavailable", answer));
        Assert.All(refused, answer => Assert.NotNull(answer.Header("Retry-After")));
    }

    private async Task<Client> AdminAsync() => await Library.SignInAsync(Roles.Admin);

    private async Task<(Client Caller, string Id, string Username)> LibrarianAsync()
    {
        var username = Any.Email;
        var created = Expect.Status(200, await (await AdminAsync()).PostAsync(
            "/api/admin/users", new { username, password = TestLibrary.Password, name = "Ana Bela", role = "LIBRARIAN" }));
        return (await Library.SignInAsync(username, TestLibrary.Password), created.Json.Text("id")!, username);
    }

    // The clock has told the gateway to refresh; when it has done so is its own affair.
    private static Task<Answer> OnceRefusedAsync(Client caller) =>
        Lms.Tests.Shared.Eventually.HoldsAsync(() => caller.GetAsync(Anything), answer => answer.Status == 401);
}
