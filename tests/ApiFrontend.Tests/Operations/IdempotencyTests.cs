using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions.Operations;
using Lms.Grains.Abstractions.Users;
using Lms.Grains.Operations;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Lms.ApiFrontend.Tests.Operations;

/// <summary>Keys and time.</summary>
public sealed class IdempotencyTests(ClockFixture fixture) : GatewayTest
{
    private static readonly object s_author = new { name = "Sophia Andresen", bio = "Poeta." };

    private static readonly Guid s_elsewhere = Guid.NewGuid();

    private TestLibrary Library => fixture.Library;

    [Fact]
    public async Task A_refusal_is_answered_again_although_it_would_be_granted_now()
    {
        var librarian = await LibrarianAsync();
        var (genre, key) = (new { name = Any.Genre }, Any.Key);
        Expect.Status(201, await librarian.PostAsync("/api/genres", genre));
        var refused = Expect.Problem(409, await librarian.PostAsync("/api/genres", genre, Key(key)));
        Expect.Status(204, await librarian.DeleteAsync($"/api/genres/{Uri.EscapeDataString(genre.name)}"));

        var again = Expect.Problem(409, await librarian.PostAsync("/api/genres", genre, Key(key)));

        Assert.Equal(refused.Text("code"), again.Text("code"));
        Expect.Status(201, await librarian.PostAsync("/api/genres", genre, Key(Any.Key)));
    }

    [Fact]
    public async Task A_key_means_a_new_request_after_a_day()
    {
        var key = Any.Key;
        var librarian = await LibrarianAsync();
        var first = await CreateAsync(librarian, key);

        fixture.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        librarian = await SignInAgainAsync(librarian);
        Assert.Equal(first, await CreateAsync(librarian, key));
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.NotEqual(first, await CreateAsync(librarian, key));
    }

    [Fact]
    public async Task A_lost_gateway_is_replaced_when_its_lease_has_passed()
    {
        var (librarian, key) = (await LibrarianAsync(), Any.Key);
        await BeginElsewhereAsync(librarian, key);

        var waiting = librarian.PostAsync("/api/authors", s_author, Key(key));
        fixture.Clock.Advance(OperationGrains.Lease);

        Expect.Status(201, await waiting);
    }

    [Fact]
    public async Task Until_then_a_repeat_is_told_to_come_back()
    {
        var (librarian, key) = (await LibrarianAsync(), Any.Key);
        await BeginElsewhereAsync(librarian, key);

        var waiting = librarian.PostAsync("/api/authors", s_author, Key(key));
        while (!waiting.IsCompleted)
        {
            // The other gateway keeps its lease while the repeat loses its patience.
            fixture.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await RenewAsync(librarian, key);
        }

        Expect.Error(503, "Service unavailable", await waiting);
    }

    [Fact]
    public async Task An_author_whose_gateway_was_lost_gets_the_number_that_was_reserved()
    {
        var (librarian, key) = (await LibrarianAsync(), Any.Key);
        await BeginElsewhereAsync(librarian, key);
        await OperationOf(librarian, key).ReserveAsync("7777", Token);
        fixture.Clock.Advance(OperationGrains.Lease);

        var number = await CreateAsync(librarian, key);

        Assert.Equal("7777", number);
        Assert.Equal("7777", await CreateAsync(librarian, key));
    }

    [Fact]
    public async Task A_form_is_the_same_request_whatever_its_boundary()
    {
        var (librarian, key) = (await LibrarianAsync(), Any.Key);

        var answers = new List<Answer>();
        for (var i = 0; i < 2; i++)
        {
            answers.Add(Expect.Status(201, await librarian.PostAsync(
                "/api/authors", Body.Form(Photo.Png(), ("name", "Ana"), ("bio", "Poeta.")), Key(key))));
        }

        Assert.Single(answers.Select(answer => answer.Location).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_form_with_another_photo_is_another_request()
    {
        var (librarian, key) = (await LibrarianAsync(), Any.Key);

        Expect.Status(201, await librarian.PostAsync(
            "/api/authors", Body.Form(Photo.Png(), ("name", "Ana"), ("bio", "Poeta.")), Key(key)));

        Expect.Problem(422, await librarian.PostAsync(
            "/api/authors", Body.Form(Photo.Jpeg(), ("name", "Ana"), ("bio", "Poeta.")), Key(key)));
    }

    [Fact]
    public async Task The_same_key_of_another_user_is_another_request()
    {
        var key = Any.Key;

        Assert.NotEqual(await CreateAsync(await LibrarianAsync(), key), await CreateAsync(await LibrarianAsync(), key));
    }

    private static (string, string) Key(string key) => ("Idempotency-Key", key);

    private static UserId UserOf(Client caller) =>
        UserId.Of(new JsonWebToken(caller.Token).GetClaim("sub").Value.Split(',')[0]);

    private static async Task<string> CreateAsync(Client librarian, string key) => Expect
        .Status(201, await librarian.PostAsync("/api/authors", s_author, Key(key))).Json.GetProperty("authorNumber").GetRawText();

    private Task<Client> LibrarianAsync() => Library.SignInAsync(Roles.Librarian);

    private Task<Client> SignInAgainAsync(Client caller) => Library.SignInAsync(
        new JsonWebToken(caller.Token).GetClaim("sub").Value.Split(',')[1], TestLibrary.Password);

    private IOperationGrain OperationOf(Client caller, string key) => Library.Grains.Operation(UserOf(caller), key);

    /// <summary>Begins the creation of an author as a gateway does that is lost before it goes on.</summary>
    private async Task BeginElsewhereAsync(Client librarian, string key)
    {
        // The fingerprint does not depend on the key, so that of the same request under another key will do.
        var twin = Any.Key;
        await CreateAsync(librarian, twin);
        var state = Library.Stored.Find<OperationState>(OperationState.Name, OperationOf(librarian, twin).GetPrimaryKeyString())!;
        var begun = await OperationOf(librarian, key).BeginAsync(state.Fingerprint!, s_elsewhere, Token);
        Assert.Equal(OperationStage.Started, begun.Stage);
    }

    private Task<OperationProgress> RenewAsync(Client librarian, string key) => OperationOf(librarian, key).BeginAsync(
        Library.Stored.Find<OperationState>(OperationState.Name, OperationOf(librarian, key).GetPrimaryKeyString())!.Fingerprint!,
        s_elsewhere,
        Token);
}
