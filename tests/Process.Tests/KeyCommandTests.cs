namespace Lms.Process.Tests;

/// <summary>Keys of a library that is not running are changed from the command line.</summary>
public sealed class KeyCommandTests
{
    private const string Name = "rotate-keys";
    private const string AdminKeys = "/api/admin/keys";

    [Fact]
    public async Task A_new_key_signs_from_the_next_start_and_tokens_of_the_old_one_stay_good_until_it_is_revoked()
    {
        using var http = new HttpClient();
        await using var first = await ServerProcess.StartAsync(new() { Settings = new(Staff.Settings) });
        var token = await Staff.SignInAsync(new Api(http, [first.Url]), Staff.Admin, Any.Password);
        var old = (await new Api(http, [first.Url], token).GetAsync(AdminKeys)).Items[0].Text("kid")!;
        await first.StopAsync();

        var (done, rotated) = await RunAsync(first.Data);
        Assert.Equal(0, done);
        Assert.Contains(rotated, line => line.EndsWith(" signing", StringComparison.Ordinal));
        await using (var second = await ServerProcess.StartAsync(new() { Data = first.Data }))
        {
            var keys = Expect.Status(200, await new Api(http, [second.Url], token).GetAsync(AdminKeys)).Items;
            Assert.Equal(["signing", "retiring"], keys.Select(key => key.Text("state")));
            Assert.Equal(old, keys[1].Text("kid"));
        }

        Assert.Equal(0, (await RunAsync(first.Data, "--revoke", old)).Exit);
        await using var third = await ServerProcess.StartAsync(new() { Data = first.Data });
        Expect.Refused(401, await new Api(http, [third.Url], token).GetAsync(AdminKeys));
    }

    [Fact]
    public async Task A_directory_that_a_process_has_is_left_alone()
    {
        await using var server = await ServerProcess.StartAsync(new() { Settings = new(Staff.Settings) });

        await using var command = ServerProcess.Launch(new() { Command = [Name], Data = server.Data });

        Assert.Equal(3, await command.ExitsAsync());
        Assert.Equal([$"data directory {server.Data} is in use by process {server.Id}"], command.Errors);
    }

    [Theory]
    [InlineData("Usage: rotate-keys", "--revoke")]
    [InlineData("Usage: rotate-keys", "--force", "now")]
    [InlineData("Usage: rotate-keys", "--revoke", "--all")]
    [InlineData("There is no library in ")]
    public async Task What_cannot_be_meant_is_told_in_one_sentence(string sentence, params string[] arguments)
    {
        await using var command = ServerProcess.Launch(new() { Command = [Name, .. arguments] });

        Assert.Equal(2, await command.ExitsAsync());
        Assert.Contains(sentence, Assert.Single(command.Errors), StringComparison.Ordinal);
        Assert.False(Directory.Exists(command.Data));
    }

    [Fact]
    public async Task A_key_that_does_not_exist_cannot_be_revoked()
    {
        await using var server = await ServerProcess.StartAsync(new() { Settings = new(Staff.Settings) });
        await server.StopAsync();

        Assert.Equal(3, (await RunAsync(server.Data, "--revoke", "nobody")).Exit);
    }

    private static async Task<(int Exit, IReadOnlyList<string> Output)> RunAsync(string data, params string[] arguments)
    {
        await using var command = ServerProcess.Launch(new() { Command = [Name, .. arguments], Data = data });
        return (await command.ExitsAsync(), command.Output);
    }
}
