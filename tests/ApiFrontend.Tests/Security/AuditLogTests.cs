using Lms.ApiFrontend.Tests.Library;
using Microsoft.Extensions.Logging;

namespace Lms.ApiFrontend.Tests.Security;

/// <summary>What an auditor finds, and what nobody finds, in the log.</summary>
public sealed class AuditLogTests(LibraryFixture fixture) : GatewayTest
{
    private TestLibrary Library => fixture.Library;

    [Fact]
    public async Task Sign_ins_that_succeed_fail_or_have_to_wait_and_refusals_are_events()
    {
        var gateway = await Library.StartGatewayAsync();
        var username = (await Library.AddReaderAsync()).Username;

        var signedIn = Expect.Status(200, await SignInAsync(TestLibrary.Password));
        Expect.Refused(403, await gateway.Anyone.With(signedIn.Header("Authorization")).GetAsync("/api/admin/keys"));
        for (var i = 0; i < 7; i++)
        {
            await SignInAsync("Aa1-wrong");
        }

        string[] expected = ["LogSignedIn", "LogDenied", .. Enumerable.Repeat("LogFailed", 6), "LogThrottled"];
        Assert.Equal(expected, Events().Select(record => record.Event));
        Assert.DoesNotContain(gateway.Log.All, record => record.Text.Contains(username, StringComparison.Ordinal)
            || record.Text.Contains("Aa1-", StringComparison.Ordinal));
        Assert.All(Events().Skip(1), record => Assert.Equal(LogLevel.Warning, record.Level));

        IEnumerable<LogRecord> Events() =>
            gateway.Log.All.Where(record => record.Category.EndsWith("SignInLog", StringComparison.Ordinal));
        Task<Answer> SignInAsync(string password) =>
            gateway.Anyone.PostAsync("/api/public/login", new { username, password });
    }

    [Fact]
    public async Task Nothing_that_a_caller_writes_becomes_a_line_of_the_log()
    {
        const string forged = "forged";
        var gateway = await Library.StartGatewayAsync();
        var admin = gateway.Anyone.With(Library.Admin.Token);

        Answer[] answers =
        [
            await gateway.Anyone.PostAsync("/api/public/login", new { username = $"a\r\n{forged}@example.org", password = $"\r\n{forged}" }),
            await gateway.Anyone.PostAsync("/api/public/login", new { username = $"{forged}@example.org", password = $"\r\n{forged}" }),
            await gateway.Anyone.GetAsync($"/api/%0d%0a{forged}"),
            await gateway.Anyone.GetAsync("/status", ("X-Forwarded-For", $"192.0.2.1 {forged}"), ("User-Agent", forged)),
            await gateway.Anyone.With($"{forged}.e30.e30").GetAsync("/api/authors?name=x"),
            await admin.DeleteAsync($"/api/admin/keys/%0d%0a{forged}"),
            await admin.GetAsync($"/api/admin/users/%0d%0a{forged}"),
            await gateway.Anyone.SendAsync(new("FORGED"), "/api/admin/keys"),
        ];

        Assert.All(answers, answer => Assert.InRange(answer.Status, 200, 499));
        Assert.NotEmpty(gateway.Log.All);
        Assert.DoesNotContain(
            gateway.Log.All.Where(record => record.Category.StartsWith("Lms.", StringComparison.Ordinal)),
            record => record.Text.Contains(forged, StringComparison.OrdinalIgnoreCase));
    }
}
