using System.Diagnostics;
using System.Globalization;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Resilience;
using Lms.ApiFrontend.Security;
using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Users;
using Lms.ReadModel.Infrastructure;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Lms.ApiFrontend.Tests.Users;

/// <summary>Signing in at a gateway that reaches no user's grain, and while nothing can be written.</summary>
public sealed class SignInWithoutGrainsTests(LibraryFixture fixture) : GatewayTest, IAsyncLifetime
{
    private const string Path = "/api/public/login";

    private static readonly string[] s_view = ["id", "username", "fullName"];

    private TestGateway _cutOff = null!;

    private TestLibrary Library => fixture.Library;

    public async ValueTask InitializeAsync() => _cutOff = await CutOffAsync();

    public async ValueTask DisposeAsync()
    {
        Library.Storage.IsDown = false;
        await _cutOff.App.StopAsync(Token);
    }

    [Fact]
    public async Task The_read_model_knows_whom_to_let_in_and_the_answer_says_that_it_did()
    {
        var reader = await Library.AddReaderAsync();
        await Library.CatchUpAsync();

        var usual = await SignInAsync(Library.Anyone, reader.Username);
        var answer = await SignInAsync(_cutOff.Anyone, reader.Username);

        Expect.Status(200, answer);
        Assert.Equal("read-model", answer.Header(Degradation.Header));
        Assert.Null(usual.Header(Degradation.Header));
        Assert.Equal(usual.Json.GetRawText(), answer.Json.GetRawText());
        Assert.Equal(ClaimsOf(usual), ClaimsOf(answer));
        Expect.Status(200, await Library.Anyone.With(answer.Header("Authorization")).GetAsync("/api/genres"));
    }

    [Fact]
    public async Task Rows_of_the_release_before_are_made_anew_and_then_let_people_in()
    {
        var (id, username) = await LibrarianAsync();
        await Library.CatchUpAsync();
        await using (var connection = new SqliteConnection($"Data Source={Library.ReadModelFile}"))
        {
            await connection.OpenAsync(Token);
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE users SET password_hash = NULL, reader = NULL, projection_schema = 1 WHERE id = @id";
            command.Parameters.AddWithValue("id", long.Parse(id, CultureInfo.InvariantCulture));
            Assert.Equal(1, await command.ExecuteNonQueryAsync(Token));
        }

        Expect.Empty(401, await SignInAsync(_cutOff.Anyone, username));
        await Library.CatchUpAsync();

        Expect.Status(200, await SignInAsync(_cutOff.Anyone, username));
    }

    [Fact]
    public async Task Whom_a_gateway_knows_to_be_out_the_read_model_does_not_let_in()
    {
        var (id, username) = await LibrarianAsync();
        await Library.CatchUpAsync();
        var user = (await Library.Grains.User(UserId.Of(id)).GetAsync(Token)).Value!;

        _cutOff.Service<Revocations>().Revoke(user with { IsEnabled = false, TokenVersion = user.TokenVersion + 1 });

        Expect.Empty(401, await SignInAsync(_cutOff.Anyone, username));
    }

    [Fact]
    public async Task Nobody_can_tell_an_unknown_user_from_a_disabled_one_or_a_wrong_password()
    {
        var (_, known) = await LibrarianAsync();
        var (id, disabled) = await LibrarianAsync();
        Expect.Status(200, await Library.Admin.DeleteAsync($"/api/admin/users/{id}"));
        await Library.CatchUpAsync();

        Answer[] answers =
        [
            await SignInAsync(_cutOff.Anyone, Any.Email),
            await SignInAsync(_cutOff.Anyone, disabled),
            await SignInAsync(_cutOff.Anyone, known, "Aa1-wrong"),
            await SignInAsync(_cutOff.Anyone, known, TestLibrary.Password.PadRight(300, 'x')),
        ];

        Assert.All(answers, answer => Expect.Empty(401, answer));
        Assert.All(answers, answer => Assert.Null(answer.Header("Authorization")));
        Assert.All(answers, answer => Assert.Null(answer.Header(Degradation.Header)));
    }

    [Fact]
    public async Task Guessing_is_as_slow_as_ever()
    {
        var (_, username) = await LibrarianAsync();
        await Library.CatchUpAsync();

        var answers = new List<Answer>();
        for (var guess = 0; guess < 10; guess++)
        {
            answers.Add(await SignInAsync(_cutOff.Anyone, username, "Aa1-wrong"));
        }

        Assert.Equal(429, answers[^1].Status);
    }

    [Fact]
    public async Task Without_a_read_model_clients_are_soon_told_to_come_back()
    {
        await using var nowhere = ReadModelDatabase.Sqlite(
            $"Data Source={System.IO.Path.Combine(System.IO.Path.GetTempPath(), Any.Key, "none.db")}");
        var gateway = await CutOffAsync(services => services.Replace(ServiceDescriptor.Singleton(nowhere)));
        var waited = Stopwatch.StartNew();

        var answer = await SignInAsync(gateway.Anyone, Any.Email);

        Expect.Error(503, "Service unavailable", answer);
        Assert.NotNull(answer.Header("Retry-After"));
        Assert.InRange(waited.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        await gateway.App.StopAsync(Token);
    }

    [Fact]
    public async Task A_hash_that_cannot_be_made_stronger_now_lets_its_user_in_all_the_same()
    {
        var (user, username) = await MonolithAsync();
        await Library.Grains.Login(username).FindAsync(Token); // active, like those that are used
        await Library.Grains.User(user).GetCredentialsAsync(Token);
        Library.Storage.IsDown = true;

        Expect.Status(200, await SignInAsync(Library.Anyone, username.Email));

        Library.Storage.IsDown = false;
        Assert.StartsWith("$2", HashOf(user), StringComparison.Ordinal);
        Expect.Status(200, await SignInAsync(Library.Anyone, username.Email));
        Assert.StartsWith("$argon2id$", HashOf(user), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_let_in_by_the_read_model_writes_nothing()
    {
        var (user, username) = await MonolithAsync();
        await Library.CatchUpAsync();

        Expect.Status(200, await SignInAsync(_cutOff.Anyone, username.Email));

        Assert.StartsWith("$2", HashOf(user), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_answer_about_users_shows_a_hash()
    {
        var (id, username) = await LibrarianAsync();
        await Library.CatchUpAsync();

        var found = Expect.Status(200, await Library.Admin.PostAsync("/api/admin/users/search", new { query = new { username } }));
        Answer[] single =
        [
            Expect.Status(200, await Library.Admin.GetAsync($"/api/admin/users/{id}")),
            Expect.Status(200, await SignInAsync(Library.Anyone, username)),
            Expect.Status(200, await SignInAsync(_cutOff.Anyone, username)),
        ];

        Expect.Members(Assert.Single(found.Items), s_view);
        Assert.All(single, answer => Expect.Members(answer.Json, s_view));
    }

    private static Task<Answer> SignInAsync(Client client, string username, string password = TestLibrary.Password) =>
        client.PostAsync(Path, new { username, password });

    private static IEnumerable<(string, string)> ClaimsOf(Answer answer) => new JsonWebToken(answer.Header("Authorization")).Claims
        .Where(claim => claim.Type is not ("iat" or "exp"))
        .Select(claim => (claim.Type, claim.Value));

    private string HashOf(UserId user) =>
        Library.Stored.Find<UserState>(UserState.Name, Library.Grains.User(user).GetPrimaryKeyString())!.PasswordHash;

    /// <summary>A gateway that knows the keys and calls no grain of users.</summary>
    private async Task<TestGateway> CutOffAsync(Action<IServiceCollection>? configure = null)
    {
        var gateway = await Library.StartGatewayAsync(configure);
        await gateway.Service<ServicePipelines>().Find("users", CallKind.Read)!.Control.IsolateAsync(Token);
        return gateway;
    }

    private async Task<(string Id, string Username)> LibrarianAsync()
    {
        var username = Any.Email;
        var created = Expect.Status(200, await Library.Admin.PostAsync(
            "/api/admin/users", new { username, password = TestLibrary.Password, name = "Ana Bela", role = "LIBRARIAN" }));
        return (created.Json.Text("id")!, username);
    }

    /// <summary>A user whose password the monolith has hashed.</summary>
    private async Task<(UserId Id, Username Username)> MonolithAsync()
    {
        var username = Username.Of(Any.Email);
        var old = BCrypt.Net.BCrypt.HashPassword(TestLibrary.Password, workFactor: 4);
        var made = await Library.Grains.Login(username).RegisterAsync(new(Operation.New(), "Ana", old, [Roles.Librarian]), Token);
        return (made.Value!.User, username);
    }
}
