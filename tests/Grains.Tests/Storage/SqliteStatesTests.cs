using System.Globalization;
using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Authors;
using Lms.Grains.Infrastructure;
using Lms.Silo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Lms.Grains.Tests.Storage;

/// <summary>The embedded library's own storage: one silo on a SQLite file, as it runs.</summary>
public sealed class SqliteStatesTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lms-silo-");
    private IHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    private IGrainStorage Storage => _host.Services.GetRequiredKeyedService<IGrainStorage>(GrainStorage.Name);

    private IStoredStates Stored => _host.Services.GetRequiredService<IStoredStates>();

    public async ValueTask InitializeAsync() => _host = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task What_was_answered_is_there_after_a_restart()
    {
        var number = new AuthorNumber(7);
        var command = new CreateAuthor(Any.Operation, "Eça", "Bio", "ab12");
        var created = await Grains.Author(number).CreateAsync(command, Token);

        await StopAsync();
        _host = await StartAsync();

        Assert.Equal(created.Value, (await Grains.Author(number).GetAsync(Token)).Value);
        Assert.Equal(created.Value, (await Grains.Author(number).CreateAsync(command, Token)).Value);
        Assert.Equal(AuthorRejections.NumberTaken, (await Grains.Author(number).CreateAsync(command with { Operation = Any.Operation }, Token)).Rejection);
        Assert.Equal(1, (await Grains.Author(number).ChangeAsync(new(Any.Operation, 0, "Ana", null, null), Token)).Value?.Version);
    }

    [Fact]
    public async Task Numbers_go_on_without_a_gap_after_an_orderly_restart()
    {
        var before = await NextAsync();
        await StopAsync();
        _host = await StartAsync();

        Assert.Equal(before + 1, await NextAsync());
    }

    [Fact]
    public async Task Two_hundred_writers_at_once_are_all_stored()
    {
        var numbers = Enumerable.Range(1, 200).Select(number => new AuthorNumber(number)).ToArray();

        await Task.WhenAll(numbers.Select(number => Grains.Author(number).CreateAsync(new(Any.Operation, "Ana", "Bio", null), Token)));
        await StopAsync();
        _host = await StartAsync();

        var versions = await Stored.GetVersionsAsync(AuthorState.Name, Token);
        Assert.Equal(numbers.Select(number => $"author:{number}").Order(), versions.Select(row => row.Key).Order());
        Assert.All(versions, row => Assert.Equal(1, row.Version));
        var names = await Task.WhenAll(numbers.Select(async number => (await Grains.Author(number).GetAsync(Token)).Value?.Name));
        Assert.All(names, name => Assert.Equal("Ana", name));
    }

    [Fact]
    public async Task A_conflict_is_that_of_one_write_and_not_of_those_committed_with_it()
    {
        var stale = await WriteAsync("stale", new());
        await WriteAsync("stale", Copy(stale));
        var writes = Enumerable.Range(0, 100)
            .Select(index => index == 50 ? Task.Run(() => WriteAsync("stale", Copy(stale))) : Task.Run(() => WriteAsync($"w{index}", new())))
            .ToArray();

        var fault = await Assert.ThrowsAsync<GrainFault>(() => writes[50]);
        var others = await Task.WhenAll(writes.Where((_, index) => index != 50));

        Assert.Equal(FaultKind.Conflict, fault.Kind);
        Assert.All(others, state => Assert.Equal("1", state.ETag));
    }

    [Fact]
    public async Task Of_many_first_writes_one_wins()
    {
        var writes = Enumerable.Range(0, 20)
            .Select(index => Task.Run(() => WriteAsync("first", new() { State = Author($"A{index}") })))
            .ToArray();
        await Task.WhenAll(writes.Select(write => write.ContinueWith(_ => { }, Token, TaskContinuationOptions.None, TaskScheduler.Default)));

        var winner = Assert.Single(writes, write => write.IsCompletedSuccessfully);
        Assert.All(
            writes.Where(write => write.IsFaulted),
            write => Assert.Equal(FaultKind.Conflict, Assert.IsType<GrainFault>(write.Exception!.InnerException).Kind));
        Assert.Equal((await winner).State!.Author!.Name, (await ReadAsync("first")).State!.Author!.Name);
    }

    [Theory]
    [InlineData(null)] // a first write where there is a row
    [InlineData("2")] // a version that never was
    [InlineData("0")]
    public async Task A_write_of_another_version_than_the_stored_one_is_a_conflict(string? etag)
    {
        await WriteAsync("x", new() { State = Author("Ana") });

        var fault = await Assert.ThrowsAsync<GrainFault>(() => WriteAsync("x", new() { State = Author("Eça"), ETag = etag }));

        Assert.Equal(FaultKind.Conflict, fault.Kind);
        var read = await ReadAsync("x");
        Assert.Equal(("Ana", "1"), (read.State!.Author!.Name, read.ETag));
    }

    [Fact]
    public async Task A_write_of_a_version_where_there_is_no_row_is_a_conflict()
    {
        var fault = await Assert.ThrowsAsync<GrainFault>(() => WriteAsync("gone", new() { State = Author("Ana"), ETag = "1" }));

        Assert.Equal(FaultKind.Conflict, fault.Kind);
        Assert.False((await ReadAsync("gone")).RecordExists);
    }

    [Fact]
    public async Task Versions_count_writes_also_over_a_cleared_state()
    {
        var state = await WriteAsync("x", new() { State = Author("Ana") });
        await WriteAsync("x", state);
        await Storage.ClearStateAsync(AuthorState.Name, Id("x"), state);
        var cleared = await Stored.FindAsync(AuthorState.Name, "x", Token);
        var read = await ReadAsync("x");

        var written = await WriteAsync("x", new() { State = Author("Eça"), ETag = read.ETag });

        Assert.Null(cleared);
        Assert.False(read.RecordExists);
        Assert.Equal("4", written.ETag);
        Assert.DoesNotContain(await Stored.GetVersionsAsync(AuthorState.Name, Token), row => row.Key == "y");
    }

    [Fact]
    public async Task The_raw_rows_tell_what_the_grains_have_stored()
    {
        await Grains.Author(new(7)).CreateAsync(new(Any.Operation, "Eça", "Bio", null), Token);
        await Grains.Author(new(7)).ChangeAsync(new(Any.Operation, 0, "Ana", null, null), Token);

        var row = Assert.Single(await Stored.GetVersionsAsync(AuthorState.Name, Token));
        var stored = await Stored.FindAsync(AuthorState.Name, row.Key, Token);

        Assert.Equal(("author:7", 2), (row.Key, row.Version));
        Assert.Equal(2, stored!.Version);
        var state = _host.Services.GetRequiredService<IGrainStorageSerializer>().Deserialize<AuthorState>(stored.Payload)!;
        Assert.Equal("Ana", state.Author!.Name);
        Assert.InRange(row.WrittenAt, TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddMinutes(1));
        Assert.Null(await Stored.FindAsync(AuthorState.Name, "author:8", Token));
    }

    [Fact]
    public async Task Keys_that_look_alike_are_rows_of_their_own()
    {
        string[] keys = ["x:a", "x:A", "x:á", "x:1", "x:01", "x:a ", "x:a/b"]; // bare digits would be read as a number
        foreach (var key in keys)
        {
            await WriteAsync(key, new() { State = Author("Ana " + keys.IndexOf(key).ToString(CultureInfo.InvariantCulture)) });
        }

        foreach (var key in keys)
        {
            var read = await ReadAsync(key);
            Assert.Equal("Ana " + keys.IndexOf(key).ToString(CultureInfo.InvariantCulture), read.State!.Author!.Name);
        }
    }

    private static AuthorState Author(string name) =>
        new() { Author = new() { Number = new(1), Name = name, Bio = "Bio" } };

    private static GrainState<AuthorState> Copy(GrainState<AuthorState> state) => new(state.State, state.ETag);

    private static GrainId Id(string key) => GrainId.Create("author", key);

    private Task<int> NextAsync() =>
        Grains.GetGrain<Abstractions.Sequences.ISequenceGrain>("seq:test").NextAsync(Token);

    private async Task<GrainState<AuthorState>> WriteAsync(string key, GrainState<AuthorState> state)
    {
        state.State ??= Author("Ana");
        await Storage.WriteStateAsync(AuthorState.Name, Id(key), state);
        return state;
    }

    private async Task<GrainState<AuthorState>> ReadAsync(string key)
    {
        var state = new GrainState<AuthorState>();
        await Storage.ReadStateAsync(AuthorState.Name, Id(key), state);
        return state;
    }

    private async Task<IHost> StartAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo.AddLmsSilo(_directory.FullName, TimeZoneInfo.FindSystemTimeZoneById("Europe/Lisbon")));
        var host = builder.Build();
        await host.StartAsync(Token);
        return host;
    }

    private async Task StopAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
