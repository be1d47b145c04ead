using Lms.Chaos.Cluster;
using Lms.Tests.Shared;
using StackExchange.Redis;

namespace Lms.Cluster.Tests;

/// <summary>Signing in, checking tokens and ending sessions while what they come from is gone.</summary>
public sealed class SignInTests(SignInCluster fixture) : IClassFixture<SignInCluster>, IAsyncLifetime
{
    private const string Anything = "/api/genres";
    private const string OfAdministrators = "/api/admin/breakers"; // which the gateway knows by itself

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private Api _admin = null!;
    private Api _librarian = null!;
    private string _id = "";
    private string _username = "";

    private LocalCluster Cluster => fixture.Cluster;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await fixture.MendAsync();
        _admin = Caller(Expect.Status(200, await SignInAsync(0, ClusterSecrets.AdminUsername, Cluster.AdminPassword)));
        _username = Any.Email;
        _id = Expect.Status(200, await _admin.PostAsync(
            "/api/admin/users",
            new { username = _username, password = Any.Password, name = Any.PersonName, role = "LIBRARIAN" })).Json.Text("id")!;
        _librarian = Caller(Expect.Status(200, await SignInAsync(0)));
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Without_the_silos_of_the_Users_service_people_sign_in_and_are_let_in()
    {
        await Cluster[SignInCluster.Users].KillAsync();

        var answer = await SignInAsync(1);

        Expect.Status(200, answer);
        Assert.Equal("read-model", answer.Header("Lms-Degraded"));
        Expect.Status(200, await Caller(answer).GetAsync(Anything));
    }

    [Fact]
    public async Task Without_any_silo_people_sign_in_and_wrong_passwords_do_not()
    {
        await KillSilosAsync();

        for (var gateway = 0; gateway < Cluster.Gateways.Count; gateway++)
        {
            Expect.Status(200, await SignInAsync(gateway));
        }

        Expect.Empty(401, await SignInAsync(1, _username, "Aa1-wrong"));
        Expect.Empty(401, await SignInAsync(1, Any.Email, Any.Password));
    }

    [Fact]
    public async Task A_gateway_that_starts_when_all_is_gone_is_ready_and_knows_a_good_token_from_a_bad_one()
    {
        await KillSilosAsync();
        await Cluster.Postgres.StopImmediatelyAsync();
        await Task.WhenAll(Cluster.Membership.KillAsync(), Cluster.Cache!.KillAsync());
        var gateway = Cluster.Gateways[1];
        await gateway.KillAsync();

        await gateway.StartAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        var keys = Expect.Status(200, await At(1).GetAsync("/.well-known/jwks.json"));
        Assert.NotEmpty(keys.Json.GetProperty("keys").EnumerateArray());
        Expect.Status(503, await At(1, _librarian).GetAsync(Anything));
        Expect.Status(401, await At(1).With(Forged(_librarian.Token!)).GetAsync(Anything));
        var signIn = await SignInAsync(1);
        Expect.Status(503, signIn);
        Assert.NotNull(signIn.Header("Retry-After"));

        // Nobody has told it who was dismissed.
        Expect.Problem(503, await At(1, _admin).GetAsync(OfAdministrators), "revocations-unknown");
    }

    [Fact]
    public async Task A_gateway_that_starts_without_silos_signs_people_in()
    {
        await KillSilosAsync();
        var gateway = Cluster.Gateways[1];
        await gateway.KillAsync();
        await gateway.StartAsync(Cancellation);

        var answer = Expect.Status(200, await SignInAsync(1));

        Expect.Status(200, await Caller(answer).GetAsync(Anything));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_user_who_is_disabled_at_one_gateway_is_soon_let_in_by_none(bool isRedisThere)
    {
        await (isRedisThere ? AllListenAsync() : Cluster.Cache!.KillAsync());

        Expect.Status(200, await At(1, _librarian).GetAsync(Anything));

        Expect.Status(200, await _admin.DeleteAsync($"/api/admin/users/{_id}"));

        Expect.Status(401, await _librarian.GetAsync(Anything));
        await Poll.UntilAsync(
            async () => (await At(1, _librarian).GetAsync(Anything)).Status == 401,
            "the other gateway has heard of it",
            isRedisThere ? TimeSpan.FromSeconds(1.5) : TimeSpan.FromSeconds(5));
        Expect.Empty(401, await SignInAsync(1));
    }

    [Fact]
    public async Task A_gateway_that_starts_without_PostgreSQL_hears_from_Redis_who_was_disabled()
    {
        await AllListenAsync();
        Expect.Status(200, await _admin.DeleteAsync($"/api/admin/users/{_id}"));
        await Cluster.Postgres.StopImmediatelyAsync();
        var gateway = Cluster.Gateways[1];
        await gateway.KillAsync();
        await gateway.StartAsync(Cancellation);

        Expect.Status(401, await At(1, _librarian).GetAsync(Anything));
        Expect.Status(200, await At(1, _admin).GetAsync(OfAdministrators));
    }

    /// <summary>Waits until all gateways have found the Redis of the caches again, after a test that took it away.</summary>
    private async Task AllListenAsync()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(Cluster.Cache!.ConnectionString);
        await Poll.UntilAsync(
            async () => await redis.GetServers()[0].SubscriptionSubscriberCountAsync(RedisChannel.Literal("lms:revoked")) == Cluster.Gateways.Count,
            "all gateways listen",
            TimeSpan.FromSeconds(30));
    }

    /// <summary>Whoever has signed in, at the first gateway.</summary>
    private Api Caller(Answer signedIn) => At(0).With(signedIn.Header("Authorization"));

    private Api At(int gateway, Api? caller = null) => new Api(_http, [Cluster.Urls[gateway]]).With(caller?.Token);

    private Task<Answer> SignInAsync(int gateway, string? username = null, string? password = null) => At(gateway).PostAsync(
        "/api/public/login", new { username = username ?? _username, password = password ?? Any.Password });

    private Task KillSilosAsync() => Task.WhenAll(Cluster.Silos.Select(silo => silo.KillAsync()));

    // Another signature of the same key.
    private static string Forged(string token)
    {
        var parts = token.Split('.');
        return $"{parts[0]}.{parts[1]}.{(parts[2][0] == 'A' ? 'B' : 'A')}{parts[2][1..]}";
    }
}

/// <summary>A cluster in which users have a silo of their own, whose place nobody takes.</summary>
public sealed class SignInCluster : FaultCluster
{
    public const string Users = "silo-2";

    internal override ClusterOptions Options => base.Options with
    {
        Silos = 2,
        Demo = false,
        ServicesOf = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["silo-1"] = ["authors", "books", "copies", "genres", "lendings", "readers"],
            [Users] = ["users"],
        },
        StrictServices = ["users"],
    };
}
