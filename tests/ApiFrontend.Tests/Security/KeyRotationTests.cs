using Lms.ApiFrontend.Security;
using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Lms.ApiFrontend.Tests.Security;

/// <summary>What becomes of each key, by the clock, at two gateways that share nothing but the library.</summary>
public sealed class KeyRotationTests(KeyFixture fixture) : GatewayTest, IClassFixture<KeyFixture>
{
    private const string Anything = "/api/authors/top5"; // 404 for whoever may ask: the library is empty
    private const string Keys = "/api/admin/keys";

    private static readonly KeyOptions s_defaults = new();

    private TestLibrary Library => fixture.Library;

    private FakeTimeProvider Clock => fixture.Clock;

    [Fact]
    public async Task A_new_key_is_published_before_it_signs_and_the_old_one_until_its_last_token_has_ended()
    {
        var (old, admin) = (await KidAsync(), await Library.SignInAsync(Roles.Admin));
        var announced = Expect.Status(200, await admin.PostAsync($"{Keys}/rotations", json: null)).Json;
        var fresh = announced.Text("kid")!;

        Assert.Equal("announced", announced.Text("state"));
        Assert.Equal([fresh, old], (await PublishedAsync()).Take(2));
        Assert.Equal(old, await KidAsync());

        Clock.Advance(s_defaults.AnnounceFor);
        var last = await Library.SignInAsync(Roles.Librarian);
        Assert.Equal(fresh, new JsonWebToken(last.Token).Kid);
        Assert.Equal(["signing", "retiring"], (await StatesAsync(await Library.SignInAsync(Roles.Admin))).Take(2));

        Clock.Advance(TimeSpan.FromHours(10) + s_defaults.Margin - TimeSpan.FromTicks(1));
        Assert.Equal([fresh, old], await PublishedAsync());
        Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal([fresh], await PublishedAsync());
        Assert.Equal([fresh], (await Library.GatewayAt(1).Service<SigningKeys>().TendAsync(Token)).Keys.Select(key => key.Id));
    }

    [Fact]
    public async Task While_a_key_is_announced_no_other_is()
    {
        var admin = await Library.SignInAsync(Roles.Admin);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
            Library.At(i, admin).PostAsync($"{Keys}/rotations", json: null)));

        Assert.Single(answers.Select(answer => Expect.Status(200, answer).Json.Text("kid")).Distinct(StringComparer.Ordinal));
        Clock.Advance(s_defaults.AnnounceFor);
    }

    [Fact]
    public async Task A_rotation_is_repeated_without_another_one()
    {
        var admin = await Library.SignInAsync(Roles.Admin);
        var key = Any.Key;

        var first = await admin.PostAsync($"{Keys}/rotations", json: null, ("Idempotency-Key", key));
        Clock.Advance(s_defaults.AnnounceFor);
        var again = await admin.PostAsync($"{Keys}/rotations", json: null, ("Idempotency-Key", key));

        Assert.Equal(Expect.Status(200, first).Json.Text("kid"), Expect.Status(200, again).Json.Text("kid"));
        Assert.Equal("signing", again.Json.Text("state"));
    }

    [Fact]
    public async Task Tokens_of_a_revoked_key_are_refused_here_at_once_and_elsewhere_after_a_refresh()
    {
        var (admin, librarian) = (await Library.SignInAsync(Roles.Admin), await Library.SignInAsync(Roles.Librarian));
        var kid = new JsonWebToken(librarian.Token).Kid;

        Expect.Empty(204, await admin.DeleteAsync($"{Keys}/{kid}"));

        Expect.Refused(401, await librarian.GetAsync(Anything));
        Expect.Refused(401, await admin.GetAsync(Keys));
        Clock.Advance(s_defaults.Refresh);
        Expect.Refused(401, await Lms.Tests.Shared.Eventually.HoldsAsync(
            () => Library.At(1, librarian).GetAsync(Anything), answer => answer.Status == 401));
        Assert.DoesNotContain(kid, await PublishedAsync());
        var again = await Library.SignInAsync(Roles.Librarian);
        Assert.NotEqual(kid, new JsonWebToken(again.Token).Kid);
        Expect.Status(404, await Library.At(1, again).GetAsync(Anything));
        Assert.Contains("revoked", await StatesAsync(await Library.SignInAsync(Roles.Admin)));
    }

    [Fact]
    public async Task A_gateway_that_meets_a_key_it_does_not_know_asks_once()
    {
        var admin = await Library.SignInAsync(Roles.Admin);
        Clock.Advance(TimeSpan.FromSeconds(2));
        Expect.Empty(204, await admin.DeleteAsync($"{Keys}/{new JsonWebToken(admin.Token).Kid}"));

        var librarian = await Library.SignInAsync(Roles.Librarian);

        Expect.Status(404, await Library.At(1, librarian).GetAsync(Anything));
    }

    [Fact]
    public async Task Keys_that_nobody_knows_do_not_make_a_gateway_ask_again_and_again()
    {
        Clock.Advance(TimeSpan.FromSeconds(2));
        var keys = Library.GatewayAt(0).Service<SigningKeys>();
        await keys.RefreshAsync(Token);
        var before = fixture.Asked;

        for (var i = 0; i < 100; i++)
        {
            await keys.LearnAsync($"nobody{i}", Token);
        }

        Assert.Equal(before + 1, fixture.Asked);
    }

    [Fact]
    public async Task A_key_that_has_grown_old_is_replaced_without_anybody_asking()
    {
        var gateway = await Library.StartGatewayAsync(settings: [("Lms:Keys:MaxAge", "01:00:00")]);
        var keys = gateway.Service<SigningKeys>();
        Expect.Status(200, await (await Library.SignInAsync(Roles.Admin)).PostAsync($"{Keys}/rotations", json: null));
        Clock.Advance(s_defaults.AnnounceFor);
        var old = await KidAsync();

        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(old, (await keys.TendAsync(Token)).Keys[0].Id);
        Clock.Advance(TimeSpan.FromSeconds(1));
        var rings = await Task.WhenAll(keys.TendAsync(Token), keys.TendAsync(Token));

        Assert.All(rings, ring => Assert.Equal(old, ring.SigningAt(Clock.GetUtcNow()).Id));
        Clock.Advance(s_defaults.AnnounceFor);
        Assert.Equal(rings[0].Keys[0].Id, await KidAsync());
        Assert.Equal(old, rings[0].Keys[1].Id);
        await gateway.App.StopAsync(Token); // it would replace the keys of the other tests, too
    }

    [Fact]
    public async Task A_key_that_does_not_exist_cannot_be_revoked() => Expect.Problem(
        404, await (await Library.SignInAsync(Roles.Admin)).DeleteAsync($"{Keys}/nobody"), "key-unknown");

    [Fact]
    public async Task Private_parts_are_never_shown()
    {
        var admin = await Library.SignInAsync(Roles.Admin);

        Answer[] answers = [await admin.GetAsync(Keys), await admin.PostAsync($"{Keys}/rotations", json: null)];

        Expect.Members(answers[0].Items[0], "kid", "state", "createdAt", "signsFrom", "verifiesUntil", "revokedAt");
        Expect.Members(answers[1].Json, "kid", "state", "createdAt", "signsFrom", "verifiesUntil", "revokedAt");
        Clock.Advance(s_defaults.AnnounceFor);
    }

    [Theory]
    [InlineData("00:01:00", "00:02:00", true)]
    [InlineData("00:01:00", "00:01:59", false)]
    [InlineData("00:11:00", "01:00:00", false)]
    public void A_key_is_announced_for_longer_than_gateways_need_to_learn_of_it(string refresh, string announceFor, bool isGood)
    {
        var options = new KeyOptions
        {
            Refresh = TimeSpan.Parse(refresh, System.Globalization.CultureInfo.InvariantCulture),
            AnnounceFor = TimeSpan.Parse(announceFor, System.Globalization.CultureInfo.InvariantCulture),
        };

        Assert.Equal(isGood, new KeyOptionsValidator().Validate(name: null, options).Succeeded);
    }

    private async Task<string> KidAsync() => new JsonWebToken((await Library.SignInAsync(Roles.Librarian)).Token).Kid;

    private async Task<IEnumerable<string>> PublishedAsync() =>
        Expect.Status(200, await Library.Anyone.GetAsync("/.well-known/jwks.json")).Json.GetProperty("keys").EnumerateArray()
            .Select(key => key.Text("kid")!);

    private static async Task<IEnumerable<string>> StatesAsync(Client admin) =>
        Expect.Status(200, await admin.GetAsync(Keys)).Items.Select(key => key.Text("state")!);
}

/// <summary>Two silos and two gateways whose clock a test moves.</summary>
public sealed class KeyFixture : IAsyncLifetime
{
    private readonly Asking _asking = new();

    public KeyFixture() => Library = new(
        silos: 2, gateways: 2, Clock, services => services.AddSingleton<IIncomingGrainCallFilter>(_asking));

    /// <summary>How often gateways have asked for the key ring.</summary>
    internal int Asked => _asking.Count;

    internal FakeTimeProvider Clock { get; } = new(new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));

    internal TestLibrary Library { get; }

    public ValueTask InitializeAsync() => Library.StartAsync();

    public ValueTask DisposeAsync() => Library.DisposeAsync();

    private sealed class Asking : IIncomingGrainCallFilter
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.InterfaceMethod.DeclaringType == typeof(IKeyRingGrain))
            {
                Interlocked.Increment(ref _count);
            }

            return context.Invoke();
        }
    }
}
