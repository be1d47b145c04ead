using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Authors;
using Lms.Grains.Authors;
using Lms.ReadModel.Authors;

namespace Lms.Postgres.Tests.Storage;

public sealed class PostgresStatesTests : IAsyncLifetime
{
    private PostgresLibrary _library = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _library = await PostgresLibrary.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_library is not null)
        {
            await _library.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_was_answered_is_there_after_a_restart_and_in_lists()
    {
        var number = new AuthorNumber(7);
        var command = new CreateAuthor(Operation.New(), "Eça", "Bio", null);
        var created = await _library.Grains.Author(number).CreateAsync(command, Token);

        await _library.RestartAsync();

        Assert.True(created.IsAccepted);
        Assert.Equal(created.Value, (await _library.Grains.Author(number).GetAsync(Token)).Value);
        Assert.Equal(1, (await _library.Grains.Author(number).ChangeAsync(new(Operation.New(), 0, "Ana", null, null), Token)).Value?.Version);
        await LmsReconcileAsync();
        Assert.Equal("Ana", Assert.Single(await new AuthorQueries(_library.ReadModel).StartingWithAsync("", Token)).Name);
    }

    [Fact]
    public async Task Of_first_writes_that_race_one_wins()
    {
        var (won, lost) = await RaceAsync(_library);

        Assert.Equal(60, won.Count);
        Assert.Equal(60, won.Distinct().Count());
        Assert.Equal(180, lost.Count);
        Assert.All(lost, exception => Assert.Equal(FaultKind.Conflict, Assert.IsType<GrainFault>(exception).Kind));
        Assert.Equal(60, (await _library.Stored.GetVersionsAsync(AuthorState.Name, Token)).Count);
    }

    [Fact]
    public async Task It_is_the_unique_identity_of_rows_that_makes_it_one()
    {
        await using var library = await PostgresLibrary.StartAsync("DROP INDEX UX_OrleansStorage");

        var (won, _) = await RaceAsync(library);

        Assert.True(won.Count > 60);
    }

    [Theory]
    [InlineData(null)] // a first write where there is a row
    [InlineData("2")] // a version that never was
    [InlineData("0")]
    public async Task A_write_of_another_version_than_the_stored_one_is_a_conflict(string? etag)
    {
        await WriteAsync(_library, "x:1", "Ana");

        var fault = await Assert.ThrowsAsync<GrainFault>(() => WriteAsync(_library, "x:1", "Eça", etag));

        Assert.Equal(FaultKind.Conflict, fault.Kind);
        var read = await ReadAsync("x:1");
        Assert.Equal(("Ana", "1"), (read.State!.Author!.Name, read.ETag));
    }

    [Fact]
    public async Task A_write_of_a_version_where_there_is_no_row_is_a_conflict()
    {
        var fault = await Assert.ThrowsAsync<GrainFault>(() => WriteAsync(_library, "x:gone", "Ana", "1"));

        Assert.Equal(FaultKind.Conflict, fault.Kind);
        Assert.False((await ReadAsync("x:gone")).RecordExists);
    }

    [Fact]
    public async Task A_stale_clear_is_a_conflict_and_a_right_one_leaves_the_version()
    {
        var first = await WriteAsync(_library, "x:1", "Ana");
        var second = await WriteAsync(_library, "x:1", "Eça", first.ETag);

        var fault = await Assert.ThrowsAsync<GrainFault>(
            () => _library.Storage.ClearStateAsync(AuthorState.Name, Id("x:1"), new GrainState<AuthorState>(new(), "1")));
        Assert.Equal(FaultKind.Conflict, fault.Kind);
        Assert.Equal("Eça", (await ReadAsync("x:1")).State!.Author!.Name);

        await _library.Storage.ClearStateAsync(AuthorState.Name, Id("x:1"), second);
        var read = await ReadAsync("x:1");
        Assert.False(read.RecordExists);
        Assert.Null(await _library.Stored.FindAsync(AuthorState.Name, "x:1", Token));
        Assert.Equal("4", (await WriteAsync(_library, "x:1", "Rui", read.ETag)).ETag);
    }

    [Fact]
    public async Task Keys_that_look_alike_are_rows_of_their_own()
    {
        string[] keys = ["x:a", "x:A", "x:á", "x:1", "x:01", "x:a ", "x:a/b"];
        foreach (var key in keys)
        {
            await WriteAsync(_library, key, $"Ana {key}");
        }

        foreach (var key in keys)
        {
            Assert.Equal($"Ana {key}", (await ReadAsync(key)).State!.Author!.Name);
        }
    }

    [Fact]
    public async Task The_raw_rows_tell_what_is_stored()
    {
        await WriteAsync(_library, "author:7", "Ana", (await WriteAsync(_library, "author:7", "Eça")).ETag);
        var cleared = await WriteAsync(_library, "author:8", "Rui");
        await _library.Storage.ClearStateAsync(AuthorState.Name, Id("author:8"), cleared);

        var version = Assert.Single(await _library.Stored.GetVersionsAsync(AuthorState.Name, Token));
        var stored = await _library.Stored.FindAsync(AuthorState.Name, "author:7", Token);
        var rows = await _library.Stored.ReadAllAsync(Token).Where(row => row.StateName == AuthorState.Name)
            .OrderBy(row => row.Key).ToListAsync(Token);

        Assert.Equal(("author:7", 2L), (version.Key, version.Version));
        Assert.Equal(2, stored!.Version);
        Assert.InRange(version.WrittenAt, TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddMinutes(1));
        Assert.Equal(
            [("author:7", "lms", 2L, true), ("author:8", "lms", 2L, false)],
            rows.Select(row => (row.Key!, row.ServiceId, row.Version, row.Payload is not null)));
        Assert.Equal(stored.Payload.ToArray(), rows[0].Payload!.ToArray());
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_a_fault_of_storage()
    {
        await PostgresFixture.ExecuteAsync(_library.Owner, "REVOKE SELECT ON OrleansStorage FROM lms");

        var fault = await Assert.ThrowsAsync<GrainFault>(() => ReadAsync("x:1"));

        Assert.Equal(FaultKind.Storage, fault.Kind);
    }

    [Fact]
    public async Task Reminders_are_kept_changed_and_forgotten()
    {
        var table = _library.Service<IReminderTable>();
        var start = new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
        var entry = new ReminderEntry { GrainId = Id("x:1"), ReminderName = "sweep", StartAt = start, Period = TimeSpan.FromDays(60) };

        var first = await table.UpsertRow(entry, Token);
        var second = await table.UpsertRow(new ReminderEntry
        {
            GrainId = entry.GrainId,
            ReminderName = "sweep",
            StartAt = start.AddHours(1),
            Period = TimeSpan.FromMinutes(1),
        }, Token);

        var read = (await table.ReadRow(entry.GrainId, "sweep", Token))!;
        Assert.Equal((start.AddHours(1), TimeSpan.FromMinutes(1), second), (read.StartAt, read.Period, read.ETag));
        Assert.Single((await table.ReadRows(entry.GrainId, Token)).Reminders);
        Assert.Single((await table.ReadRows(0, 0, Token)).Reminders);
        var hash = entry.GrainId.GetUniformHashCode();
        Assert.Single((await table.ReadRows(hash - 1, hash, Token)).Reminders);
        Assert.Empty((await table.ReadRows(hash, hash + 1, Token)).Reminders);
        Assert.False(await table.RemoveRow(entry.GrainId, "sweep", first!, Token));
        Assert.True(await table.RemoveRow(entry.GrainId, "sweep", second!, Token));
        Assert.Empty((await table.ReadRows(entry.GrainId, Token)).Reminders);
    }

    private static async Task<(List<string> Won, List<Exception> Lost)> RaceAsync(PostgresLibrary library)
    {
        var (won, lost) = (new List<string>(), new List<Exception>());
        var writes = Enumerable.Range(0, 240).Select(async number =>
        {
            await Task.Yield();
            var key = $"x:{number / 4}";
            try
            {
                await WriteAsync(library, key, $"A{number}");
                lock (won)
                {
                    won.Add(key);
                }
            }
            catch (Exception exception)
            {
                lock (lost)
                {
                    lost.Add(exception);
                }
            }
        });
        await Task.WhenAll(writes);
        return (won, lost);
    }

    private static GrainId Id(string key) => GrainId.Create("author", key);

    private static async Task<GrainState<AuthorState>> WriteAsync(
        PostgresLibrary library, string key, string name, string? etag = null)
    {
        var state = new GrainState<AuthorState>(
            new() { Author = new() { Number = new(1), Name = name, Bio = "Bio" } }, etag);
        await library.Storage.WriteStateAsync(AuthorState.Name, Id(key), state);
        return state;
    }

    private Task LmsReconcileAsync() => Silo.LmsSilo.ReconcileAsync(_library.Service<IServiceProvider>(), Token);

    private async Task<GrainState<AuthorState>> ReadAsync(string key)
    {
        var state = new GrainState<AuthorState>();
        await _library.Storage.ReadStateAsync(AuthorState.Name, Id(key), state);
        return state;
    }
}
