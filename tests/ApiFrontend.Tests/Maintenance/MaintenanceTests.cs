using System.Reflection;
using Lms.ApiFrontend.Maintenance;
using Lms.ApiFrontend.Status;
using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Maintenance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lms.ApiFrontend.Tests.Maintenance;

public sealed class MaintenanceTests(LibraryFixture fixture) : GatewayTest, IAsyncLifetime
{
    private const string Path = "/api/admin/maintenance";

    private TestLibrary Library => fixture.Library;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    // What is announced is announced to all tests.
    public async ValueTask DisposeAsync()
    {
        Expect.Status(200, await Library.Admin.PutAsync(Path, new { mode = "off" }));
        foreach (var gateway in (TestGateway[])[Library.GatewayAt(0), Library.GatewayAt(1), fixture.Impatient])
        {
            await gateway.Service<MaintenanceWatch>().RefreshAsync(Token);
        }
    }

    [Theory]
    [InlineData("GET", "/api/authors?name=A", "read-only", true)]
    [InlineData("HEAD", "/api/authors?name=A", "read-only", true)]
    [InlineData("POST", "/api/books/search", "read-only", true)]
    [InlineData("POST", "/api/lendings/search", "read-only", true)]
    [InlineData("POST", "/api/public/login", "read-only", true)]
    [InlineData("POST", "/api/genres", "read-only", false)]
    [InlineData("POST", "/api/lendings", "read-only", false)]
    [InlineData("PATCH", "/api/authors/1", "read-only", false)]
    [InlineData("DELETE", "/api/copies/C-1", "read-only", false)]
    [InlineData("POST", "/api/public/register", "read-only", false)]
    [InlineData("GET", "/api/authors?name=A", "closed", false)]
    [InlineData("POST", "/api/books/search", "closed", false)]
    [InlineData("POST", "/api/genres", "closed", false)]
    [InlineData("POST", "/api/public/login", "closed", true)]
    [InlineData("GET", "/status", "closed", true)]
    [InlineData("GET", "/status.json", "closed", true)]
    [InlineData("GET", "/health/live", "closed", true)]
    [InlineData("GET", "/health/ready", "closed", true)]
    [InlineData("GET", "/.well-known/jwks.json", "closed", true)]
    [InlineData("GET", "/api-docs", "closed", true)]
    public async Task What_is_refused_depends_on_the_mode(string method, string path, string mode, bool passes)
    {
        await AnnounceAsync(new { mode, reason = "New shelves", retryAfterSeconds = 90 });

        var answer = await Library.Librarian.SendAsync(new(method), path, method is "POST" or "PATCH" ? Body.Json(new { }) : null);

        Assert.True(passes == (answer.Header("Lms-Code") != "maintenance"), $"{answer}");
        Assert.True(passes == (answer.Status != 503), $"{answer}");
        Assert.Equal(passes ? null : "90", answer.Header("Retry-After"));
    }

    [Fact]
    public async Task Whoever_is_refused_is_told_why_in_the_shape_of_the_operation()
    {
        await AnnounceAsync(new { mode = "read-only", reason = "New shelves" });

        var known = await Library.Librarian.PostAsync("/api/lendings", new { });
        var added = await Library.Librarian.PostAsync("/api/genres", new { name = Any.Genre });

        Assert.Equal("New shelves", Expect.Error(503, "Service unavailable", known)[0].GetString());
        Assert.Equal("New shelves", Expect.Problem(503, added, "maintenance").Text("detail"));
        Assert.All([known, added], answer => Assert.Equal(("maintenance", "60"), (answer.Header("Lms-Code"), answer.Header("Retry-After"))));
    }

    [Theory]
    [InlineData("read-only")]
    [InlineData("closed")]
    public async Task An_administrator_signs_in_does_his_work_and_switches_it_off(string mode)
    {
        await AnnounceAsync(new { mode, reason = "New shelves" });
        var admin = await Library.SignInAsync("ADMIN");

        Expect.Status(200, await admin.GetAsync("/api/admin/forbidden-words"));
        Expect.Status(200, await admin.PostAsync("/api/admin/users/search", new { }));
        Assert.Equal(mode, Expect.Status(200, await admin.GetAsync(Path)).Json.Text("mode"));
        Assert.Equal("off", Expect.Status(200, await admin.PutAsync(Path, new { mode = "off" })).Json.Text("mode"));

        Expect.Status(201, await Library.Librarian.PostAsync("/api/genres", new { name = Any.Genre }));
    }

    [Fact]
    public async Task Other_gateways_learn_of_it_and_it_is_on_the_status_page()
    {
        var until = TimeProvider.System.GetUtcNow().AddHours(1);
        await AnnounceAsync(new { mode = "closed", reason = "New <shelves>", until });
        var other = Library.GatewayAt(1);

        await other.Service<MaintenanceWatch>().RefreshAsync(Token);

        var refused = await Library.At(1, Library.Librarian).GetAsync("/api/authors?name=A");
        Expect.Status(503, refused);
        Assert.InRange(int.Parse(refused.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture), 3500, 3600);
        var told = (await other.Anyone.GetAsync("/status.json")).Json.GetProperty("maintenance");
        Assert.Equal(("closed", "New <shelves>"), (told.Text("mode"), told.Text("reason")));
        Assert.Contains("New &lt;shelves&gt;", (await other.Anyone.GetAsync("/status")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_known_stays_in_force_while_the_silos_are_away()
    {
        var grains = DispatchProxy.Create<IGrainFactory, Silos>();
        var silos = (Silos)(object)grains;
        silos.Grains = Library.Grains;
        var gateway = await Library.StartGatewayAsync(
            configure: services => services.Replace(ServiceDescriptor.Singleton(grains)));
        await AnnounceAsync(new { mode = "closed", reason = "New shelves" });
        await gateway.Service<MaintenanceWatch>().RefreshAsync(Token);

        silos.AreAway = true;
        await gateway.Service<MaintenanceWatch>().RefreshAsync(Token);

        Assert.Equal(MaintenanceMode.Closed, gateway.Service<MaintenanceWatch>().Current.Mode);
    }

    [Fact]
    public async Task What_is_refused_is_counted_apart()
    {
        var before = Library.GatewayAt(0).Service<RequestCounts>().Within(TimeSpan.FromHours(1)).GetValueOrDefault("genres");
        await AnnounceAsync(new { mode = "read-only", reason = "New shelves" });

        await Library.Librarian.PostAsync("/api/genres", new { name = Any.Genre });

        var after = Library.GatewayAt(0).Service<RequestCounts>().Within(TimeSpan.FromHours(1))["genres"];
        Assert.Equal((before.Valid, before.Announced + 1), (after.Valid, after.Announced));
    }

    [Theory]
    [InlineData("""{"mode":"half-open","reason":"Why"}""", "maintenance-mode-unknown")]
    [InlineData("""{"reason":"Why"}""", "maintenance-mode-unknown")]
    [InlineData("""{"mode":"closed"}""", "maintenance-reason-invalid")]
    [InlineData("""{"mode":"closed","reason":"Why","retryAfterSeconds":0}""", "maintenance-retry-after-invalid")]
    [InlineData("""{"mode":"closed","reason":"Why","retryAfterSeconds":5,"until":"2999-01-01T00:00:00Z"}""", "maintenance-retry-after-invalid")]
    [InlineData("""{"mode":"closed","reason":"Why","until":"2001-01-01T00:00:00Z"}""", "maintenance-until-invalid")]
    public async Task What_cannot_be_meant_is_refused(string body, string code)
    {
        var answer = await Library.Admin.PutAsync(Path, Body.Raw(body, "application/json"));

        Expect.Problem(400, answer, code);
        Expect.FieldProblem(answer);
    }

    [Fact]
    public async Task A_repeat_answers_what_is_announced_now()
    {
        var key = Any.Key;
        var body = new { mode = "read-only", reason = "New shelves" };
        Expect.Status(200, await Library.Admin.PutAsync(Path, Body.Json(body), ("Idempotency-Key", key)));
        await AnnounceAsync(new { mode = "off" });

        var repeat = Expect.Status(200, await Library.Admin.PutAsync(Path, Body.Json(body), ("Idempotency-Key", key)));

        Assert.Equal("off", repeat.Json.Text("mode"));
    }

    [Fact]
    public async Task Librarians_and_readers_announce_nothing()
    {
        Expect.Refused(403, await Library.Librarian.PutAsync(Path, new { mode = "closed", reason = "Why" }));
        Expect.Refused(401, await Library.Anyone.PutAsync(Path, new { mode = "closed", reason = "Why" }));
    }

    private async Task AnnounceAsync(object notice) => Expect.Status(200, await Library.Admin.PutAsync(Path, notice));

    /// <summary>Grains that can be reached until a test says otherwise.</summary>
    public class Silos : DispatchProxy
    {
        public IGrainFactory? Grains { get; set; }

        public bool AreAway { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => AreAway
            ? throw new GrainFault(FaultKind.Unreachable, "No silo.")
            : targetMethod!.Invoke(Grains, args);
    }
}
