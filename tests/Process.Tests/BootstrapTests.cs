using System.Text.RegularExpressions;

namespace Lms.Process.Tests;

/// <summary>How the first administrator of a library gets in.</summary>
[Collection(Alone.Name)]
public sealed partial class BootstrapTests
{
    private const string Path = "/api/public/bootstrap";

    [Fact]
    public async Task A_library_without_an_administrator_prints_a_secret_that_makes_one_once()
    {
        using var http = new HttpClient();
        await using var first = await ServerProcess.StartAsync(new());
        var (anyone, secret) = (new Api(http, [first.Url]), SecretOf(first));

        Expect.Problem(403, await BootstrapAsync(anyone, "wrong", Any.Email), "bootstrap-secret-wrong");
        Expect.Problem(400, await BootstrapAsync(anyone, secret, "nobody"), "username-invalid");
        Expect.Problem(400, await BootstrapAsync(anyone, secret, Any.Email, "easy"), "password-weak");
        var username = Any.Email;
        Expect.Members(Expect.Status(201, await BootstrapAsync(anyone, secret, username)).Json, "id", "username", "fullName");
        Expect.Problem(409, await BootstrapAsync(anyone, secret, Any.Email), "bootstrap-done");

        var admin = anyone.With(await Staff.SignInAsync(anyone, username, Any.Password));
        Expect.Status(200, await admin.GetAsync("/api/admin/forbidden-words"));
        await first.StopAsync();
        await using var second = await ServerProcess.StartAsync(new() { Data = first.Data });
        Assert.DoesNotContain("First administrator", second.Everything(), StringComparison.Ordinal);
        Expect.Problem(409, await BootstrapAsync(new Api(http, [second.Url]), secret, Any.Email), "bootstrap-done");
    }

    [Fact]
    public async Task A_secret_is_good_for_the_process_that_printed_it()
    {
        using var http = new HttpClient();
        await using var first = await ServerProcess.StartAsync(new());
        var old = SecretOf(first);
        await first.KillAsync();
        await using var second = await ServerProcess.StartAsync(new() { Data = first.Data });
        var (anyone, fresh) = (new Api(http, [second.Url]), SecretOf(second));

        Assert.NotEqual(old, fresh);
        Expect.Problem(403, await BootstrapAsync(anyone, old, Any.Email), "bootstrap-secret-wrong");
        Expect.Status(201, await BootstrapAsync(anyone, fresh, Any.Email));
    }

    [Fact]
    public async Task An_administrator_is_found_although_the_lists_are_lost()
    {
        using var http = new HttpClient();
        await using var first = await ServerProcess.StartAsync(new());
        Expect.Status(201, await BootstrapAsync(new Api(http, [first.Url]), SecretOf(first), Any.Email));
        await first.StopAsync();
        Array.ForEach(Directory.GetFiles(first.Data, "read-model.db*"), File.Delete);

        await using var second = await ServerProcess.StartAsync(new() { Data = first.Data });

        Assert.DoesNotContain("First administrator", second.Everything(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guessing_the_secret_is_slow()
    {
        using var http = new HttpClient();
        await using var server = await ServerProcess.StartAsync(new());
        var anyone = new Api(http, [server.Url]);

        var answers = new List<Answer>();
        for (var i = 0; i < 7; i++)
        {
            answers.Add(await BootstrapAsync(anyone, "wrong", Any.Email));
        }

        Assert.Equal([403, 403, 403, 403, 403, 403, 429], answers.Select(answer => answer.Status));
        Expect.Problem(429, answers[^1], "bootstrap-throttled");
        Assert.NotNull(answers[^1].Header("Retry-After"));
    }

    private static string SecretOf(ServerProcess server)
    {
        var line = Assert.Single(server.Output, line => line.StartsWith("First administrator:", StringComparison.Ordinal));
        return Secret().Match(line).Value;
    }

    private static Task<Answer> BootstrapAsync(Api anyone, string secret, string username, string password = Any.Password) =>
        anyone.PostAsync(Path, new { secret, username, password, name = Any.PersonName });

    [GeneratedRegex("(?<=secret )[0-9a-f]{32}", RegexOptions.None, 1_000)]
    private static partial Regex Secret();
}
