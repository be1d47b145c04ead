using Lms.Chaos.Cluster;
using Lms.Cluster.Tests.Degraded;
using Lms.Tests.Shared;

namespace Lms.Cluster.Tests;

/// <summary>The dashboard of Orleans: whom it is shown to, where, and of whom it tells nothing.</summary>
public sealed class DashboardTests(DashboardCluster fixture) : IClassFixture<DashboardCluster>, IAsyncLifetime
{
    private static readonly string[] s_numbers = ["DashboardCounters", "ClusterStats", "TopGrainMethods", "GrainTypes", "GrainStats/Lms.Grains.Readers.ReaderGrain"];

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(15) };

    private Scene _scene = null!;

    private LocalCluster Cluster => fixture.Cluster;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _scene = await Scene.PrepareAsync(_http, Cluster.Urls[0], ClusterSecrets.AdminUsername, Cluster.AdminPassword);

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("/dashboard/")]
    [InlineData("/dashboard/index.min.js")]
    [InlineData("/dashboard/DashboardCounters")]
    public async Task Administrators_see_it_at_the_internal_port_and_nobody_sees_it_elsewhere(string path)
    {
        Api[] callers = [_scene.Anyone, _scene.Reader, _scene.Librarian, _scene.Admin];

        var inside = await Task.WhenAll(callers.Select(caller => At(Cluster.Gateways[0].InternalUrl, caller).GetAsync(path)));
        var outside = await Task.WhenAll(callers.Select(caller => caller.GetAsync(path)));

        Assert.Equal([401, 403, 403, 200], inside.Select(answer => answer.Status));
        Assert.Equal([404, 404, 404, 404], outside.Select(answer => answer.Status));
    }

    // A Host header is the caller's word.
    [Fact]
    public async Task Nobody_talks_the_public_port_into_being_the_internal_one()
    {
        var host = new Uri(Cluster.Gateways[0].InternalUrl).Authority;

        Expect.Status(404, await _scene.Admin.GetAsync("/dashboard/", ("Host", host)));
    }

    [Fact]
    public async Task It_counts_the_silos_of_the_cluster()
    {
        var dashboard = At(Cluster.Gateways[0].InternalUrl, _scene.Admin);

        await Poll.UntilAsync(
            async () => Expect.Status(200, await dashboard.GetAsync("/dashboard/DashboardCounters")).Json.GetProperty("totalActiveHostCount").GetInt32() == Cluster.Silos.Count,
            "all silos are on the dashboard",
            TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_browser_signs_in_by_a_form_and_the_cookie_is_good_for_nothing_else()
    {
        var anyone = At(Cluster.Gateways[0].InternalUrl, _scene.Anyone);
        Expect.Status(200, await anyone.GetAsync("/dashboard/sign-in"));
        Expect.Status(404, await _scene.Anyone.GetAsync("/dashboard/sign-in"));
        Expect.Status(401, await SignInAsync(anyone, ClusterSecrets.AdminUsername, "Aa1-wrong"));

        var answer = Expect.Status(303, await SignInAsync(anyone, ClusterSecrets.AdminUsername, Cluster.AdminPassword));
        var cookie = answer.Header("Set-Cookie")!;

        Assert.Equal("/dashboard/", answer.Location);
        Assert.Null(answer.Header("Authorization"));
        Assert.All(["httponly", "samesite=strict", "path=/dashboard"], word => Assert.Contains(word, cookie, StringComparison.Ordinal));
        var brought = ("Cookie", cookie.Split(';')[0]);
        Expect.Status(200, await anyone.GetAsync(answer.Location, brought));
        Expect.Status(401, await anyone.GetAsync("/api/admin/breakers", brought));
    }

    [Theory]
    [InlineData("/dashboard/Trace")]
    [InlineData("/dashboard/Reminders")]
    [InlineData("/dashboard/GrainState?grainId={reader}&grainType=Lms.Grains.Readers.ReaderGrain")]
    public async Task States_and_logs_are_shown_to_nobody(string path) => Expect.Status(
        404,
        await At(Cluster.Gateways[0].InternalUrl, _scene.Admin).GetAsync(path.Replace("{reader}", $"reader:{_scene.ReaderNumber}", StringComparison.Ordinal)));

    [Fact]
    public async Task Numbers_name_nobody()
    {
        var dashboard = At(Cluster.Gateways[0].InternalUrl, _scene.Admin);
        var told = "";
        await Poll.UntilAsync(
            async () =>
            {
                // Counted are calls while somebody looks.
                Expect.Status(200, await _scene.Librarian.GetAsync(_scene.ReaderPath));
                var answers = await Task.WhenAll(s_numbers.Select(name => dashboard.GetAsync($"/dashboard/{name}")));
                told = string.Concat(answers.Select(answer => Expect.Status(200, answer).Text));
                return told.Contains("ReaderGrain.GetAsync", StringComparison.Ordinal);
            },
            "calls of grains are on the dashboard",
            TimeSpan.FromSeconds(20));

        string[] personal = ["@example.org", _scene.ReaderNumber, _scene.Isbn];
        Assert.All(personal, secret => Assert.DoesNotContain(secret, told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_not_there_where_it_is_not_switched_on() =>
        Expect.Status(404, await At(Cluster.Gateways[1].InternalUrl, _scene.Admin).GetAsync("/dashboard/"));

    private static async Task<Answer> SignInAsync(Api caller, string username, string password)
    {
        using var form = new FormUrlEncodedContent([new("username", username), new("password", password)]);
        return await caller.PostAsync("/dashboard/sign-in", form);
    }

    private Api At(string url, Api caller) => new(_http, [new Uri(url)], ReferenceEquals(caller, _scene.Anyone) ? null : caller.Token);
}

/// <summary>A cluster with the dashboard, and with a gateway that is as most are.</summary>
public sealed class DashboardCluster : FaultCluster
{
    internal override ClusterOptions Options => base.Options with
    {
        Silos = 2,
        Gateways = 2,
        Demo = false,
        Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["Lms__Dashboard"] = "true" },
        EnvironmentOf = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal)
        {
            ["gateway-2"] = new Dictionary<string, string>(StringComparer.Ordinal) { ["Lms__Dashboard"] = "false" },
        },
    };
}
