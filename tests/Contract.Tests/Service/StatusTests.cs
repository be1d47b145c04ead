using System.Text.Json;

namespace Lms.Contract.Tests;

public sealed class StatusTests(LibraryFixture library)
{
    [Fact]
    public async Task The_status_tells_of_every_service_and_of_how_available_the_library_was()
    {
        var status = Expect.Status(200, await library.Anyone.GetAsync("/status.json")).Json;

        Expect.Members(
            status, "status", "version", "time", "checkedAt", "services", "degradedModes", "maintenance", "incidents", "availability",
            "calls");
        Assert.Contains(status.Text("status"), (string[])["up", "degraded", "down"]);
        Assert.Equal(
            ["authors", "books", "copies", "genres", "lendings", "library", "readers", "users"],
            status.GetProperty("services").EnumerateArray().Select(service => service.Text("name")).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["1h", "24h", "30d"],
            status.GetProperty("availability").GetProperty("windows").EnumerateArray().Select(window => window.Text("window")));
    }

    [Fact]
    public async Task An_administrator_reads_what_is_announced()
    {
        var answer = Expect.Status(200, await (await library.AdminAsync()).GetAsync("/api/admin/maintenance"));

        Assert.Equal("off", answer.Json.Text("mode"));
        Expect.Members(answer.Json, "mode", "reason", "since", "until", "retryAfterSeconds");
    }

    [Theory]
    [InlineData("""{"mode":"ajar","reason":"Why"}""", "mode")]
    [InlineData("""{"mode":"closed"}""", "reason")]
    [InlineData("""{"mode":"closed","reason":"Why","retryAfterSeconds":0}""", "retryAfterSeconds")]
    [InlineData("""{"mode":"closed","reason":"Why","until":"2001-01-01T00:00:00Z"}""", "until")]
    [Covers("PUT /api/admin/maintenance", 400)]
    public async Task What_cannot_be_announced_is_refused_and_nothing_is(string body, string field)
    {
        var admin = await library.AdminAsync();

        var answer = await admin.PutAsync("/api/admin/maintenance", Body.Raw(body, "application/json"));

        Expect.FieldProblem(answer);
        Assert.Equal(JsonValueKind.Array, answer.Json.GetProperty("errors").GetProperty(field).ValueKind);
        Assert.Equal("off", (await admin.GetAsync("/api/admin/maintenance")).Json.Text("mode"));
    }
}
