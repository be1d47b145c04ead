using System.Globalization;
using Lms.Chaos.Cluster;
using Lms.Tests.Shared;

namespace Lms.Cluster.Tests;

/// <summary>What gateways still tell of the catalogue when nobody is left to ask.</summary>
public sealed class LastKnownTests(FaultCluster fixture) : IClassFixture<FaultCluster>, IAsyncLifetime
{
    private const int Books = 30;

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(15) };

    private LocalCluster Cluster => fixture.Cluster;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await fixture.MendAsync();

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_one_gateway_was_told_all_tell_also_one_that_has_started_since()
    {
        var librarian = await SignInAsync();
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var isbn in Enumerable.Range(0, Books).Select(_ => Any.Isbn13))
        {
            Expect.Status(201, await librarian.PostAsync(
                "/api/books/complete",
                new { isbn, title = Any.Title, genre = "Infantil", authors = new[] { new { name = Any.PersonName, bio = Any.Bio } } }));
            known[isbn] = Expect.Status(200, await librarian.GetAsync($"/api/books/{isbn}")).Json.Text("title")!;
        }

        await Cluster.Gateways[1].StopAsync();
        await Cluster.Gateways[1].StartAsync(Cancellation);
        await Task.WhenAll(Cluster.Silos.Select(silo => silo.KillAsync()));
        await Cluster.Postgres.StopImmediatelyAsync();

        await AllAreToldAsync(librarian, known);
        await AllAreToldAsync(At(1, librarian), known);
        var unknown = await At(1, librarian).GetAsync($"/api/books/{Any.Isbn13}");
        Expect.Status(503, unknown);
        Assert.NotNull(unknown.Header("Retry-After"));

        // By now both have them in memory.
        await Cluster.Cache!.KillAsync();
        await AllAreToldAsync(librarian, known);
        await AllAreToldAsync(At(1, librarian), known);
    }

    private static async Task AllAreToldAsync(Api caller, Dictionary<string, string> known)
    {
        foreach (var (isbn, title) in known)
        {
            var answer = Expect.Status(200, await caller.GetAsync($"/api/books/{isbn}"));
            Assert.Equal("stale", answer.Header("Lms-Degraded"));
            Assert.InRange(int.Parse(answer.Header("Age")!, CultureInfo.InvariantCulture), 0, 600);
            Assert.Contains("ttl=-", answer.Header("Cache-Status"), StringComparison.Ordinal);
            Assert.Equal(title, answer.Json.Text("title"));
        }
    }

    private Api At(int gateway, Api caller) => new(_http, [Cluster.Urls[gateway]], caller.Token);

    private async Task<Api> SignInAsync()
    {
        var anyone = new Api(_http, [Cluster.Urls[0]]);
        var answer = Expect.Status(200, await anyone.PostAsync(
            "/api/public/login", new { username = DemoLibrary.Librarian, password = DemoLibrary.LibrarianPassword }));
        return anyone.With(answer.Header("Authorization"));
    }
}
