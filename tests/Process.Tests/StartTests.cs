using System.Globalization;
using System.Text.RegularExpressions;
using Lms.Process.Tests.Kills;

namespace Lms.Process.Tests;

/// <summary>How the server starts, and how it refuses to.</summary>
[Collection(Alone.Name)]
public sealed partial class StartTests(ITestOutputHelper output)
{
    private const int WrongSetting = 2;
    private const int DirectoryInUse = 3;
    private const int Crashes = 5;

    // The log of a whole loading is larger.
    private const int MostBytes = 600_000;
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(15);

    private static int Seed => Environment.GetEnvironmentVariable("LMS_TEST_SEED") is { Length: > 0 } seed
        ? int.Parse(seed, CultureInfo.InvariantCulture)
        : 20_240_229;

    [Fact]
    public async Task The_demo_library_answers_soon()
    {
        var since = TimeProvider.System.GetTimestamp();
        await using var server = await ServerProcess.StartAsync(new() { Demo = true });
        using var http = new HttpClient();

        var demo = await DemoLibrary.SignInAsync(http, server);
        Expect.Status(200, await demo.GetAsync(DemoLibrary.Hobbit));

        var elapsed = TimeProvider.System.GetElapsedTime(since);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"First demo book after {elapsed.TotalMilliseconds:0} ms."));
        Assert.True(elapsed < Generous, $"The first book came after {elapsed}.");
    }

    [Fact]
    public async Task A_second_process_is_told_who_has_the_directory()
    {
        await using var first = await ServerProcess.StartAsync(new() { Settings = new(Staff.Settings) });

        await using var second = ServerProcess.Launch(new() { Data = first.Data });

        Assert.Equal(DirectoryInUse, await second.ExitsAsync());
        Assert.Equal([$"data directory {first.Data} is in use by process {first.Id}"], second.Errors);
    }

    [Fact]
    public async Task A_killed_process_has_left_its_directory()
    {
        await using var first = await ServerProcess.StartAsync(new() { Settings = new(Staff.Settings) });
        await first.KillAsync();

        await using var second = await ServerProcess.StartAsync(
            new() { Data = first.Data, Settings = new(Staff.Settings) });

        Assert.NotEqual(first.Id, second.Id);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    [InlineData("http://127.0.0.1:0;http://192.0.2.1:0")]
    public async Task The_demo_library_shows_itself_to_this_machine_only(string urls)
    {
        await using var server = ServerProcess.Launch(new() { Demo = true, Urls = urls });

        await RefusesAsync(server, "--demo listens on loopback only");
    }

    [Theory]
    [InlineData("Lms__TimeZone", "Europe/Lisboa", "Lms:TimeZone: this machine knows no time zone 'Europe/Lisboa'.")]
    [InlineData("Lms__Lendings__LendingDays", "0", "LendingDays must be between 1 and 365")]
    [InlineData("Lms__Lendings__LendingDays", "many", "'many' at 'Lms:Lendings:LendingDays'")]
    [InlineData("Lms__Passwords__MemoryKiB", "1", "MemoryKiB must be between 64")]
    [InlineData("Lms__SecretsDirectory", "/nowhere", "Lms:SecretsDirectory: there is no folder '/nowhere'.")]
    [InlineData("Lms__Keys__AnnounceFor", "00:00:59", "AnnounceFor must be at least twice Refresh.")]
    [InlineData("Lms__SignIn__FreeFailures", "0", "FreeFailures must be between 1 and 1000")]
    [InlineData("Lms__Overload__MaxRequests", "8", "MaxRequests must be at least MinRequests.")]
    [InlineData("Lms__Resilience__Services__boks__MaxRetries", "1", "Lms:Resilience:Services: there is no service 'boks'.")]
    [InlineData("Lms__Chaos__Services__0", "boks", "Lms:Chaos:Services: there is no service 'boks'.")]
    [InlineData("Lms__Proxies__Known__0", "proxy", "'proxy' is neither an address nor a network.")]
    [InlineData("Lms__Admin__Password", "easy", "Lms:Admin:Password does not meet the rules of passwords.")]
    [InlineData("Lms__Admin__Username", "admin", "Lms:Admin:Username is not an e-mail address.")]
    public async Task A_wrong_setting_stops_the_start_with_one_sentence(string name, string value, string sentence)
    {
        await using var server = ServerProcess.Launch(new() { Settings = { [name] = value } });

        await RefusesAsync(server, sentence);
    }

    [Fact]
    public async Task The_demo_library_is_loaded_once()
    {
        using var http = new HttpClient();
        await using var first = await ServerProcess.StartAsync(new() { Demo = true });
        var desk = await DemoLibrary.SignInAsync(http, first);
        Expect.Status(200, await desk.SendAsync(
            HttpMethod.Patch, DemoLibrary.Hobbit, Body.Form(("description", "Mudado.")), ("If-Match", "\"0\"")));
        var before = await DemoLibrary.ContentsAsync(desk);
        await first.StopAsync();

        await using var second = await ServerProcess.StartAsync(new() { Demo = true, Data = first.Data });
        desk = await DemoLibrary.SignInAsync(http, second);

        DemoLibrary.IsWhole(before);
        Assert.Equal(before, await DemoLibrary.ContentsAsync(desk));
        Assert.Equal("Mudado.", (await desk.GetAsync(DemoLibrary.Hobbit)).Json.Text("description"));
        Assert.Equal("\"1\"", (await desk.GetAsync(DemoLibrary.Hobbit)).ETag);
    }

    [Fact]
    public async Task A_crash_while_the_demo_library_is_loaded_is_made_up_for()
    {
        using var http = new HttpClient();
        await using var undisturbed = await ServerProcess.StartAsync(new() { Demo = true });
        var expected = await DemoLibrary.ContentsAsync(await DemoLibrary.SignInAsync(http, undisturbed));
        await undisturbed.StopAsync();

        using var home = new TempDirectory();
        var random = new Random(Seed);
        var interrupted = 0;
        for (var i = 0; i < Crashes; i++)
        {
            var data = Path.Combine(home.Path, $"library{i}");
            interrupted += await KillWhileLoadingAsync(data, random.Next(MostBytes)) ? 1 : 0;

            await using var next = await ServerProcess.StartAsync(new() { Demo = true, Data = data });
            var desk = await DemoLibrary.SignInAsync(http, next);

            var contents = await DemoLibrary.ContentsAsync(desk);
            DemoLibrary.IsWhole(contents);
            Assert.Equal(expected, contents);
            var storage = Storage.Read(data);
            Assert.Empty(storage.Disagreements());
            Assert.Equal(46, storage.Lendings.Count);
            await next.StopAsync();
        }

        output.WriteLine($"Seed {Seed} (LMS_TEST_SEED): {interrupted} of {Crashes} kills hit the loading.");
        Assert.True(interrupted > 1, "No kill hit the loading.");
    }

    /// <summary>Kills a start when so much is written; true if the demo library was begun and not complete.</summary>
    private static async Task<bool> KillWhileLoadingAsync(string data, int bytes)
    {
        await using var server = ServerProcess.Launch(new() { Demo = true, Data = data });
        var log = new FileInfo(Path.Combine(data, "grains.db-wal"));
        while (!(log.Exists && log.Length >= bytes) && !server.IsReady)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
            log.Refresh();
        }

        await server.KillAsync();
        return Storage.ReadCopy(data).IsDemoComplete == false;
    }

    private static async Task RefusesAsync(ServerProcess server, string sentence)
    {
        Assert.Equal(WrongSetting, await server.ExitsAsync());
        Assert.Contains(sentence, Assert.Single(server.Errors), StringComparison.Ordinal);
        Assert.DoesNotMatch(StackTrace(), server.Everything());
    }

    [GeneratedRegex(@"^\s+at \S+\(|Exception", RegexOptions.Multiline, 1_000)]
    private static partial Regex StackTrace();
}
