using System.Text.Json;
using Lms.ApiFrontend.Http;
using Lms.ApiFrontend.Status;
using Lms.ApiFrontend.Tests.Library;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Eventually = Lms.Tests.Shared.Eventually;

namespace Lms.ApiFrontend.Tests.Status;

public sealed class StatusEndpointTests(LibraryFixture fixture) : GatewayTest
{
    private TestLibrary Library => fixture.Library;

    [Fact]
    public async Task Requests_are_counted_by_service_and_by_how_they_ended()
    {
        var gateway = await Library.StartGatewayAsync(map: app =>
        {
            var api = app.MapGroup("/api/test");
            Map(api, "full", "Books", () => TypedResults.Ok());
            Map(api, "gone", "Books", () => TypedResults.NotFound());
            Map(api, "busy", "Copies", () => TypedResults.StatusCode(503));
            Map(api, "thrown", "Lendings", () => throw new TimeoutException());
            Map(api, "unexpected", "Lendings", () => throw new InvalidOperationException());
            Map(api, "old", "Genres", () =>
            {
                Degradation.Note(Degradation.Stale, TimeSpan.FromSeconds(7));
                return TypedResults.Ok();
            });
            Map(api, "imported", "Imports", () => TypedResults.Accepted("/"));
            app.MapPost("/api/returns/", () => TypedResults.Accepted("/")).WithTags("Lendings").AllowAnonymous().WithOrder(-1);
        });
        foreach (var path in (string[])["full", "gone", "busy", "thrown", "unexpected", "old", "imported"])
        {
            await gateway.Anyone.GetAsync($"/api/test/{path}");
        }

        await gateway.Anyone.PostAsync("/api/returns", new { });
        await gateway.Anyone.GetAsync("/health/live");
        await gateway.Anyone.GetAsync("/status");
        await gateway.Anyone.GetAsync("/api/nowhere");

        var hour = await HourAsync(gateway);

        Assert.Equal("this-gateway", (await gateway.Anyone.GetAsync("/status.json")).Json.GetProperty("availability").Text("source"));
        var services = hour.GetProperty("services");
        Assert.Equal(["books", "copies", "genres", "lendings", "library"], services.Names());
        Assert.Equal((1, 0, 0), Counts(services.GetProperty("books")));
        Assert.Equal((0, 0, 1), Counts(services.GetProperty("copies")));
        Assert.Equal((0, 1, 0), Counts(services.GetProperty("genres")));
        Assert.Equal((0, 1, 2), Counts(services.GetProperty("lendings")));
        Assert.Equal((1, 0, 0), Counts(services.GetProperty("library")));
        Assert.Equal((2, 2, 3), Counts(hour.GetProperty("library")));
        Assert.Equal(4 / 7.0, hour.GetProperty("library").GetProperty("available").GetDouble(), 1e-9);
        Assert.Equal(2 / 7.0, hour.GetProperty("library").GetProperty("answeredInFull").GetDouble(), 1e-9);
    }

    [Fact]
    public async Task A_service_whose_requests_fail_is_down_and_the_status_says_since_when()
    {
        var gateway = await Library.StartGatewayAsync(map: app =>
            Map(app.MapGroup("/api/test"), "busy", "Copies", () => TypedResults.StatusCode(503)));
        for (var i = 0; i < 5; i++)
        {
            await gateway.Anyone.GetAsync("/api/test/busy");
        }

        var status = await Eventually.HoldsAsync(
            () => gateway.Anyone.GetAsync("/status.json"), answer => answer.Json.Text("status") == "degraded");
        var copies = status.Json.GetProperty("services").EnumerateArray().Single(service => service.Text("name") == "copies");
        var mode = Assert.Single(status.Json.GetProperty("degradedModes").EnumerateArray());

        Assert.Equal("down", copies.Text("status"));
        Assert.True(copies.GetProperty("since").GetDateTimeOffset() <= status.Json.GetProperty("time").GetDateTimeOffset());
        Assert.Equal(("copies", "requests-failing"), (mode.Text("service"), mode.Text("code")));
        Assert.Contains("<td>down</td>", (await gateway.Anyone.GetAsync("/status")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_waits_for_nobody()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource();
        var store = new TestStore(TimeProvider.System)
        {
            Instead = () =>
            {
                asked.TrySetResult();
                return never.Task;
            },
        };
        using var looking = new HangingSource();
        var gateway = await Library.StartGatewayAsync(configure: services =>
        {
            services.AddSingleton<IStatusStore>(store);
            services.AddSingleton<IConditionSource>(looking);
        });
        await asked.Task.WaitAsync(Token);
        await looking.Asked.WaitAsync(Token);

        var status = Expect.Status(200, await gateway.Anyone.GetAsync("/status.json"));
        var page = Expect.Status(200, await gateway.Anyone.GetAsync("/status"));

        Assert.Equal("this-gateway", status.Json.GetProperty("availability").Text("source"));
        Assert.True(page.Text.Length > 0);
        Assert.False(looking.IsOver || never.Task.IsCompleted);
    }

    [Fact]
    public async Task What_other_gateways_tell_is_shown()
    {
        var store = new TestStore(TimeProvider.System);
        var minute = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60 * 60);
        store.Counts[(minute, "books")] = new(Full: 997, Degraded: 2, Failed: 1, Announced: 4);
        store.Finished.Add(new(Guid.NewGuid(), "books", Health.Down, ["<b>"], minute.AddHours(-2), minute.AddHours(-1)));
        var gateway = await Library.StartGatewayAsync(configure: services => services.AddSingleton<IStatusStore>(store));

        var status = await Eventually.HoldsAsync(
            () => gateway.Anyone.GetAsync("/status.json"),
            answer => answer.Json.GetProperty("availability").Text("source") == "all-gateways");
        var page = await gateway.Anyone.GetAsync("/status");

        var books = status.Json.GetProperty("availability").GetProperty("windows")[0].GetProperty("services").GetProperty("books");
        Assert.Equal((997, 2, 1), Counts(books));
        Assert.Equal(4, books.GetProperty("announced").GetInt64());
        Assert.Equal(0.999, books.GetProperty("available").GetDouble(), 1e-9);
        var incident = Assert.Single(status.Json.GetProperty("incidents").EnumerateArray());
        Assert.Equal(("books", "down"), (incident.Text("service"), incident.Text("worst")));
        Assert.Contains("99.900", page.Text, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/status")]
    [InlineData("/status.json")]
    public async Task Nobody_keeps_the_status_and_it_brings_nothing_from_elsewhere(string path)
    {
        var answer = Expect.Status(200, await Library.Anyone.GetAsync(path));

        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.DoesNotContain("<script", answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http://", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("style", answer.Text, StringComparison.OrdinalIgnoreCase);
    }

    private static void Map(IEndpointRouteBuilder api, string path, string tag, Func<IResult> answer) =>
        api.MapGet($"/{path}", answer).WithTags(tag).AllowAnonymous();

    private static async Task<JsonElement> HourAsync(TestGateway gateway) =>
        (await gateway.Anyone.GetAsync("/status.json")).Json.GetProperty("availability").GetProperty("windows")[0];

    private static (long Full, long Degraded, long Failed) Counts(JsonElement share) => (
        share.GetProperty("full").GetInt64(), share.GetProperty("degraded").GetInt64(), share.GetProperty("failed").GetInt64());

    private sealed class HangingSource : IConditionSource, IDisposable
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _end = new();

        public Task Asked => _asked.Task;

        public bool IsOver { get; private set; }

        public IEnumerable<Symptom> Look()
        {
            _asked.TrySetResult();
            _end.Wait(TimeSpan.FromMinutes(1));
            IsOver = true;
            return [];
        }

        public void Dispose() => _end.Set();
    }
}
