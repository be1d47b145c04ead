using System.Net;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Tests.Library;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lms.ApiFrontend.Tests.Http;

public sealed class SecurityHeaderTests(LibraryFixture fixture) : GatewayTest
{
    private const string Nothing = "default-src 'none'; frame-ancestors 'none'";

    private static readonly string[] s_watched =
    [
        "Cache-Control", "Content-Security-Policy", "Location", "Referrer-Policy", "Server", "Strict-Transport-Security",
        "X-Content-Type-Options", "X-Powered-By",
    ];

    private TestLibrary Library => fixture.Library;

    [Theory]
    [InlineData("/api/authors?name=A", "private, no-cache, stale-if-error=86400")]
    [InlineData("/api/authors/999999", "private, no-cache, stale-if-error=86400")]
    [InlineData("/api/books/suggestions", "no-store")]
    [InlineData("/api/readers?name=A", "no-store")]
    [InlineData("/api/lendings/avgDuration", "no-store")]
    [InlineData("/api/copies/nobody", "no-store")]
    [InlineData("/api/nothing/here", "no-store")]
    [InlineData("/api/admin/users/1", "no-store")]
    [InlineData("/nothing", null)]
    [InlineData("/status", "no-store")]
    [InlineData("/api-docs", null)]
    [InlineData("/.well-known/jwks.json", null)]
    public async Task Every_answer_tells_browsers_to_do_nothing_with_it(string path, string? cacheControl)
    {
        var expected = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Cache-Control"] = cacheControl,
            ["Content-Security-Policy"] = Nothing,
            ["Location"] = null,
            ["Referrer-Policy"] = "no-referrer",
            ["Server"] = null,
            ["Strict-Transport-Security"] = null,
            ["X-Content-Type-Options"] = "nosniff",
            ["X-Powered-By"] = null,
        };

        var answer = await Library.Librarian.GetAsync(path);

        Assert.Equal(expected, s_watched.ToDictionary(name => name, answer.Header, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Answers_with_tokens_and_errors_are_kept_by_nobody()
    {
        var reader = await Library.AddReaderAsync();

        Answer[] answers =
        [
            await Library.Anyone.PostAsync("/api/public/login", new { username = reader.Username, password = TestLibrary.Password }),
            await Library.Anyone.PostAsync("/api/public/login", new { username = reader.Username, password = "Aa1-wrong" }),
            await Library.Anyone.PostAsync("/api/public/login", Body.Raw("{", "application/json")),
            await Library.Anyone.GetAsync("/api/readers"),
            await reader.Client.GetAsync("/api/readers"),
        ];

        Assert.Equal([200, 401, 400, 401, 200], answers.Select(answer => answer.Status));
        Assert.All(answers, answer => Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal));
        Assert.All(answers, answer => Assert.Equal(Nothing, answer.Header("Content-Security-Policy")));
    }

    [Fact]
    public async Task Only_the_documentation_may_run_scripts_and_only_its_own()
    {
        var page = Expect.Status(200, await Library.Anyone.GetAsync("/swagger-ui/"));

        Assert.Equal(SecurityHeaders.Documentation, page.Header("Content-Security-Policy"));
        Assert.DoesNotContain("https://", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("http:", SecurityHeaders.Documentation, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", SecurityHeaders.Documentation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_came_by_https_is_told_to_stay_and_nobody_is_sent_elsewhere()
    {
        var secure = await Library.Anyone.GetAsync("/status.json", ("X-Forwarded-Proto", "https"));
        var plain = await Library.Anyone.GetAsync("/status.json");

        Assert.Equal("max-age=31536000", secure.Header("Strict-Transport-Security"));
        Assert.Equal((200, null), (plain.Status, plain.Header("Strict-Transport-Security")));
    }

    [Theory]
    [InlineData("/api/authors")]
    [InlineData("/status")]
    [InlineData("/nothing")]
    public async Task TRACE_is_refused(string path)
    {
        var answer = await Library.Anyone.SendAsync(HttpMethod.Trace, path, content: null, ("X-Secret", "told"));

        Expect.Problem(405, answer);
        Assert.DoesNotContain("told", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("192.0.2.7", true)]
    [InlineData("192.0.2.8", false)]
    [InlineData("11.0.0.1", false)]
    public async Task Only_known_proxies_are_believed_about_whom_they_speak_for(string peer, bool isBelieved)
    {
        var gateway = await Library.StartGatewayAsync(
            configure: services => services.AddSingleton<IStartupFilter>(new Peer(IPAddress.Parse(peer))),
            map: app => app.MapGet("/who", (HttpContext http) => string.Join(
                ' ', http.Connection.RemoteIpAddress, http.Request.Scheme, http.Request.Host, http.Request.PathBase)).AllowAnonymous(),
            ("Lms:Proxies:Known:0", "10.0.0.0/8"),
            ("Lms:Proxies:Known:1", "192.0.2.7"));

        var answer = await gateway.Anyone.GetAsync(
            "/who",
            ("X-Forwarded-For", "203.0.113.5"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "library.example.org"),
            ("X-Forwarded-Prefix", "/lms"));

        var own = $"{peer} http {gateway.Address.Authority} ";
        Assert.Equal(isBelieved ? "203.0.113.5 https library.example.org /lms" : own, answer.Text);
    }

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("2001:db8::/32", true)]
    [InlineData("192.0.2.7", true)]
    [InlineData("proxy.example.org", false)]
    [InlineData("10.0.0.0/64", false)]
    public void A_proxy_is_an_address_or_a_network(string known, bool isGood) =>
        Assert.Equal(isGood, new ProxyOptionsValidator().Validate(name: null, new() { Known = { known } }).Succeeded);

    /// <summary>Makes every request come from an address.</summary>
    private sealed class Peer(IPAddress address) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, rest) =>
            {
                http.Connection.RemoteIpAddress = address;
                return rest(http);
            });
            next(app);
        };
    }
}
