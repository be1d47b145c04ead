using Lms.Grains.Abstractions;
using Lms.Grains.Abstractions.Imports;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Sequences;
using Lms.Grains.Abstractions.Users;
using Lms.Postgres.Tests.Storage;
using Lms.Silo;
using Lms.Silo.Storage;
using Lms.Tests.Shared;
using Npgsql;

namespace Lms.Postgres.Tests.Commands;

/// <summary>An embedded library becomes that of a cluster, whole and once.</summary>
public sealed class ImportEmbeddedTests : IAsyncLifetime
{
    private const string Name = "import-embedded";

    private readonly TempDirectory _home = new();
    private NpgsqlDataSource _target = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_home.Path, "library");

    public async ValueTask InitializeAsync()
    {
        _target = await PostgresFixture.CreateDatabaseAsync();
        await PostgresFixture.CreateRoleAsync(_target, PostgresLibrary.Role);
        await PostgresSchema.MigrateAsync(_target, PostgresLibrary.Role, Token);
    }

    public async ValueTask DisposeAsync()
    {
        _home.Dispose();
        if (_target is not null)
        {
            await PostgresFixture.DropAsync(_target);
        }
    }

    [Fact]
    public async Task The_demo_library_moves_whole_and_nothing_starts_on_its_directory_any_more()
    {
        await using (await ServerProcess.StartAsync(new() { Demo = true, Data = Data }))
        {
        }

        var moved = await SiloCommand.RunAsync(_target, Name, Data);

        moved.Is(0);
        Assert.Contains($"base64 < {Path.Combine(Data, "master.key")}", moved.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(await File.ReadAllBytesAsync(Path.Combine(Data, "master.key"), Token)), moved.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(SiloCommand.Password, moved.Output, StringComparison.Ordinal);
        var verified = await SiloCommand.RunAsync(_target, "verify");
        verified.Is(0);
        Assert.Contains(" of 46 lendings active: right", verified.Output, StringComparison.Ordinal);
        Assert.Equal(await Rows.OfAsync(new SqliteStates(Path.Combine(Data, "grains.db"))), await Rows.OfAsync(new PostgresStates(_target)));
        (await SiloCommand.RunAsync(_target, Name, Data)).Refused("was moved to PostgreSQL 127.0.0.1:");
        (await SiloCommand.RunAsync(null, "verify", "--data", Data)).Refused("was moved to PostgreSQL 127.0.0.1:");
        await using var server = ServerProcess.Launch(new() { Data = Data });
        Assert.Equal(3, await server.ExitsAsync());
        Assert.Contains($"the library of {Data} was moved to PostgreSQL 127.0.0.1:", Assert.Single(server.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silos_go_on_where_the_embedded_library_stopped()
    {
        var small = await EmbeddedAsync(SmallLibrary.MakeAsync);
        (await SiloCommand.RunAsync(null, "verify", "--repair", "--data", Data)).Is(0);

        (await SiloCommand.RunAsync(_target, Name, Data)).Is(0);

        await using var library = await PostgresLibrary.OpenAsync(_target);
        Assert.Equal(small.Lent, (await library.Grains.Lending(small.Lent.Number).GetAsync(Token)).Value);
        Assert.Equal("hash", (await library.Grains.User(small.Reader.User).GetCredentialsAsync(Token)).Value!.PasswordHash);
        Assert.True((await library.Grains.Login(Username.Of("ana@example.org")).FindAsync(Token)).IsAccepted);
        Assert.NotNull((await SmallLibrary.ReturnAsync(library.Grains, small.Lent)).ReturnedOn);
        var next = await SmallLibrary.LendAsync(library.Grains, small.Reader, SmallLibrary.First);
        Assert.Equal(new LendingNumber(small.Lent.Number.Year, 3), next.Number);
        await LmsSilo.ReconcileAsync(library.Service<IServiceProvider>(), Token);
        await library.StopSiloAsync();
        (await SiloCommand.RunAsync(_target, "verify")).Is(0);
    }

    [Fact]
    public async Task A_database_takes_one_library()
    {
        await EmbeddedAsync(SmallLibrary.MakeAsync);
        await PostgresFixture.ExecuteAsync(
            _target,
            "INSERT INTO OrleansStorage VALUES (1, 0, 0, 1, 'author', 'author:1', 'lms', NULL, now(), 1)");

        (await SiloCommand.RunAsync(_target, Name, Data)).Refused("holds a library already");

        Assert.Single(await Rows.OfAsync(new PostgresStates(_target)));
        await EmbeddedAsync(_ => Task.FromResult(true)); // the directory is a library still
    }

    [Fact]
    public async Task A_database_without_the_schema_is_to_be_migrated_first()
    {
        await EmbeddedAsync(SmallLibrary.MakeAsync);
        await PostgresFixture.ExecuteAsync(_target, "DROP TABLE library_moves");

        (await SiloCommand.RunAsync(_target, Name, Data)).Refused("run the command migrate");
    }

    [Fact]
    public async Task A_folder_without_a_library_is_left_alone()
    {
        (await SiloCommand.RunAsync(_target, Name, Data)).Refused($"There is no library in {Data}.");

        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task A_library_that_runs_is_not_moved()
    {
        await using var server = await ServerProcess.StartAsync(new() { Demo = true, Data = Data });

        (await SiloCommand.RunAsync(_target, Name, Data)).Refused($"data directory {Data} is in use by process {server.Id}");
    }

    [Fact]
    public async Task Nothing_is_moved_below_a_silo_that_runs()
    {
        await EmbeddedAsync(SmallLibrary.MakeAsync);
        await PostgresFixture.ExecuteAsync(_target, "INSERT INTO silo_stamps VALUES ('S127.0.0.1:11111:1', now())");

        (await SiloCommand.RunAsync(_target, Name, Data)).Refused("stop every silo first");
    }

    [Fact]
    public async Task Imports_end_before_the_library_moves()
    {
        await EmbeddedAsync(grains => grains.Import(ImportId.New()).StartAsync(Operation.New(), new("upload", CatalogueFormat.Csv), Token));
        await using (var connection = new SqliteStates(Path.Combine(Data, "grains.db")).Open())
        {
            await using var pausing = connection.CreateCommand();
            pausing.CommandText =
                """
                UPDATE OrleansStorage
                SET PayloadBinary = CAST(json_set(CAST(PayloadBinary AS TEXT), '$.Import.Status', $status) AS BLOB)
                WHERE GrainTypeString = 'import'
                """;
            pausing.Parameters.AddWithValue("$status", (int)ImportStatus.Paused);
            Assert.Equal(1, await pausing.ExecuteNonQueryAsync(Token));
        }

        (await SiloCommand.RunAsync(_target, Name, Data)).Refused("1 imports of ");
    }

    [Fact]
    public async Task The_key_of_the_gateways_must_be_that_of_the_library()
    {
        await EmbeddedAsync(SmallLibrary.MakeAsync);
        var key = await File.ReadAllBytesAsync(Path.Combine(Data, "master.key"), Token);

        (await SiloCommand.RunAsync(_target, Convert.ToBase64String(new byte[32]), [Name, Data])).Refused("Lms:MasterKey is not the key of ");
        (await SiloCommand.RunAsync(_target, "short", [Name, Data])).Refused("Lms:MasterKey is not 32 bytes in Base64", exit: 2);
        (await SiloCommand.RunAsync(_target, Convert.ToBase64String(key), [Name, Data])).Is(0);
    }

    [Fact]
    public async Task A_move_that_was_killed_before_its_end_is_finished_by_the_next()
    {
        await EmbeddedAsync(SmallLibrary.MakeAsync);
        await KillAfterTheCopyAsync();

        await using (var server = ServerProcess.Launch(new() { Data = Data }))
        {
            Assert.Equal(3, await server.ExitsAsync());
            Assert.Contains("is being moved to PostgreSQL 127.0.0.1:", Assert.Single(server.Errors), StringComparison.Ordinal);
        }

        (await SiloCommand.RunAsync(_target, "verify", "--repair")).Is(0);
        (await SiloCommand.RunAsync(_target, Name, Data)).Is(0);
        (await SiloCommand.RunAsync(_target, "verify")).Is(0);
        (await SiloCommand.RunAsync(_target, Name, Data)).Refused("was moved to ");
    }

    [Fact]
    public async Task A_library_that_lived_on_after_it_was_copied_is_not_declared_moved()
    {
        await EmbeddedAsync(SmallLibrary.MakeAsync);
        await KillAfterTheCopyAsync();
        var file = Path.Combine(Data, "moved.json");
        var begun = await File.ReadAllBytesAsync(file, Token);
        await EmbeddedAsync(grains => grains.UserIds().NextAsync(Token));
        await File.WriteAllBytesAsync(file, begun, Token);

        (await SiloCommand.RunAsync(_target, Name, Data)).Refused("was written to after it had been copied");
    }

    [Fact]
    public async Task A_move_that_was_begun_goes_nowhere_else()
    {
        await EmbeddedAsync(SmallLibrary.MakeAsync);
        await KillAfterTheCopyAsync();
        var other = await PostgresFixture.CreateDatabaseAsync();
        await PostgresSchema.MigrateAsync(other, cancellationToken: Token);

        (await SiloCommand.RunAsync(other, Name, Data)).Refused("is being moved to ");

        await PostgresFixture.DropAsync(other);
    }

    // Whoever writes authors to the read model waits for this lock, which is after the copy and before the end.
    private async Task KillAfterTheCopyAsync()
    {
        await using var connection = await _target.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using var locking = new NpgsqlCommand("SELECT pg_advisory_xact_lock(7310002)", connection);
        await locking.ExecuteNonQueryAsync(Token);
        using var process = SiloCommand.Launch(_target, masterKey: null, [Name, Data]);
        await using var looking = _target.CreateCommand("SELECT COUNT(*) FROM library_moves");
        while (await looking.ExecuteScalarAsync(Token) is 0L)
        {
            Assert.False(process.HasExited);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
        }

        process.Kill();
        await process.WaitForExitAsync(Token);
        Assert.NotEqual(0, process.ExitCode);
    }

    private Task<T> EmbeddedAsync<T>(Func<IGrainFactory, Task<T>> work) => EmbeddedLibrary.RunAsync(Data, work);
}
