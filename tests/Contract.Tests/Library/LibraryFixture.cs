namespace Lms.Contract.Tests;

/// <summary>
/// The library under test: the one at LMS_TEST_BASE_URL (several, separated by commas, are asked in turn), else a
/// server of our own with the demo library.
/// </summary>
public sealed class LibraryFixture : Library
{
    private readonly Once<Demo> demo;
    private ServerProcess? server;

    public LibraryFixture() => demo = new(FindDemoAsync);

    public static bool IsForeign => ForeignUrls is not null;

    protected override string AdminUsername =>
        Environment.GetEnvironmentVariable("LMS_TEST_ADMIN_USERNAME") ?? "admin@gmail.com";

    protected override string AdminPassword =>
        Environment.GetEnvironmentVariable("LMS_TEST_ADMIN_PASSWORD") ?? "Administradora!123";

    private static string? ForeignUrls =>
        Environment.GetEnvironmentVariable("LMS_TEST_BASE_URL") is { Length: > 0 } urls ? urls : null;

    private static bool SkipsFail => Environment.GetEnvironmentVariable("LMS_CI") == "1" && !IsForeign;

    public override async ValueTask InitializeAsync()
    {
        if (ForeignUrls is { } urls)
        {
            var split = urls.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            Open([.. split.Select(url => new Uri(url))]);
            return;
        }

        server = await ServerProcess.StartAsync(new() { Demo = true });
        Open([server.Url]);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>The demo library, whose lendings lie in the past; without it the test is skipped.</summary>
    internal async Task<Demo> DemoAsync()
    {
        var found = await demo.GetAsync();
        if (!found.IsThere)
        {
            SkipBecause("Needs the demo library, whose lendings lie in the past.");
        }

        return found;
    }

    public override void SkipBecause(string reason) => SkipOrFail(reason);

    internal static void SkipOrFail(string reason)
    {
        if (SkipsFail)
        {
            Assert.Fail($"Not skipped in the pipeline: {reason}");
        }

        Assert.Skip(reason);
    }

    private async Task<Demo> FindDemoAsync()
    {
        var answer = await LogInAsync(Demo.Librarian, Demo.LibrarianPassword);
        return answer.Status == 200 ? new Demo(this, Anyone.With(TokenOf(answer))) : new Demo(this, null);
    }
}

/// <summary>A server of our own without --demo: nothing is in it until somebody puts it there.</summary>
public sealed class EmptyLibraryFixture : Library
{
    private ServerProcess? server;

    protected override string AdminUsername => "admin@example.org";

    protected override string AdminPassword => "Administra!123";

    public override async ValueTask InitializeAsync()
    {
        if (LibraryFixture.IsForeign)
        {
            return;
        }

        server = await ServerProcess.StartAsync(new()
        {
            Settings = { ["Lms__Admin__Username"] = AdminUsername, ["Lms__Admin__Password"] = AdminPassword },
        });
        Open([server.Url]);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    public override void SkipBecause(string reason) => LibraryFixture.SkipOrFail(reason);

    /// <summary>The empty library's librarian; skips where only a foreign library can be asked.</summary>
    internal async Task<Api> EmptyShelvesAsync()
    {
        if (server is null)
        {
            SkipBecause("Needs a library that is still empty.");
        }

        return await LibrarianAsync();
    }
}
