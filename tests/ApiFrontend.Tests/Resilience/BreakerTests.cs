using Lms.ApiFrontend.Tests.Library;
using Eventually = Lms.Tests.Shared.Eventually;

namespace Lms.ApiFrontend.Tests.Resilience;

/// <summary>A service that an administrator has taken out of use at one gateway.</summary>
public sealed class BreakerTests(LibraryFixture fixture) : GatewayTest
{
    private TestLibrary Library => fixture.Library;

    [Fact]
    public async Task An_isolated_service_is_not_asked_and_its_reads_come_from_elsewhere()
    {
        var gateway = await Library.StartGatewayAsync();
        var (admin, librarian) = (gateway.Anyone.With(Library.Admin.Token), gateway.Anyone.With(Library.Librarian.Token));
        var isbn = Any.Isbn;
        var book = new { isbn, title = "Engenhos", genre = Any.Genre, authors = new[] { new { name = "Ana", bio = "Escreve." } } };
        Expect.Status(201, await Library.Librarian.PostAsync("/api/books/complete", book));
        await Library.CatchUpAsync();
        var before = Expect.Status(200, await librarian.GetAsync($"/api/books/{isbn}"));

        Expect.Status(200, await admin.PutAsync("/api/admin/breakers/books/read", new { state = "isolated" }));
        Expect.Status(200, await admin.PutAsync("/api/admin/breakers/books/write", new { state = "isolated" }));

        // The first question of the read model may take longer than anybody waits who has an old answer: that is told instead.
        var during = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"/api/books/{isbn}"), answer => answer.Header("Lms-Degraded") is not (null or "stale"));
        var refused = await librarian.PatchAsync($"/api/books/{isbn}", new { title = "Outro" }, "\"0\"");
        var others = await librarian.GetAsync("/api/genres");
        var shown = (await gateway.Anyone.GetAsync("/status.json")).Json.GetProperty("calls").EnumerateArray()
            .Single(calls => calls.Text("service") == "books");
        Expect.Status(200, await admin.PutAsync("/api/admin/breakers/books/read", new { state = "closed" }));
        Expect.Status(200, await admin.PutAsync("/api/admin/breakers/books/write", new { state = "closed" }));
        var after = await Eventually.HoldsAsync(
            () => librarian.GetAsync($"/api/books/{isbn}"), answer => answer.Header("Lms-Degraded") is null);

        Assert.Equal(("isolated", "isolated"), (shown.Text("reads"), shown.Text("writes")));
        Assert.All(
            (string[])["calls", "rejections", "fallbacks"], count => Assert.InRange(shown.GetProperty(count).GetInt64(), 1, long.MaxValue));
        Expect.Status(200, during);
        Assert.Equal((before.Text, before.Header("ETag")), (during.Text, during.Header("ETag")));
        Assert.Equal(("read-model", "0"), (during.Header("Lms-Degraded"), during.Header("Age")));
        Expect.Error(503, "Service unavailable", refused);
        Assert.NotNull(refused.Header("Retry-After"));
        Expect.Status(200, others);
        Assert.Null(others.Header("Lms-Degraded"));
        Assert.Null(after.Header("Lms-Degraded"));
        Expect.Status(200, await librarian.PatchAsync($"/api/books/{isbn}", new { title = "Outro" }, "\"0\""));
    }
}
