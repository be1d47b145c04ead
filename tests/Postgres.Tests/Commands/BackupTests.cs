using System.Text;
using Lms.Grains.Abstractions.Lendings;
using Lms.Grains.Abstractions.Sequences;
using Lms.Grains.Abstractions.Users;
using Lms.Postgres.Tests.Storage;
using Lms.Silo.Storage;
using Lms.Tests.Shared;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Lms.Postgres.Tests.Commands;

/// <summary>A library comes back from a file as it was, or not at all.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private const string Sequences = "sequence";

    private readonly TempDirectory _home = new();
    private NpgsqlDataSource _target = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_home.Path, "library");

    private string Again => Path.Combine(_home.Path, "again");

    private string Saved => Path.Combine(_home.Path, "library.backup");

    public async ValueTask InitializeAsync() => _target = await MigratedAsync();

    public async ValueTask DisposeAsync()
    {
        _home.Dispose();
        if (_target is not null)
        {
            await PostgresFixture.DropAsync(_target);
        }
    }

    [Fact]
    public async Task Silos_go_on_where_the_backup_was_made_and_give_no_number_a_second_time()
    {
        await using var lost = await PostgresLibrary.StartAsync();
        var small = await SmallLibrary.MakeAsync(lost.Grains);
        (await SiloCommand.RunAsync(lost.Owner, "backup", Saved)).Is(0);
        var later = await SmallLibrary.LendAsync(lost.Grains, small.Reader, SmallLibrary.Second);
        var user = await lost.Grains.UserIds().NextAsync(Token);
        var reader = await lost.Grains.ReaderNumbers(later.Number.Year).NextAsync(Token);
        var author = await lost.Grains.AuthorNumbers().NextAsync(Token);

        // Silos' own role is enough.
        await using (var role = await PostgresFixture.OpenAsync(PostgresFixture.NameOf(_target), PostgresLibrary.Role))
        {
            (await SiloCommand.RunAsync(role, "restore", Saved)).Is(0);
        }

        (await SiloCommand.RunAsync(_target, "verify")).Is(0);
        await using var library = await PostgresLibrary.OpenAsync(_target);
        Assert.Equal(small.Lent, (await library.Grains.Lending(small.Lent.Number).GetAsync(Token)).Value);
        Assert.Equal("hash", (await library.Grains.User(small.Reader.User).GetCredentialsAsync(Token)).Value!.PasswordHash);
        Assert.True((await library.Grains.Login(Username.Of("ana@example.org")).FindAsync(Token)).IsAccepted);
        Assert.False((await library.Grains.Lending(later.Number).GetAsync(Token)).IsAccepted);
        Assert.NotNull((await SmallLibrary.ReturnAsync(library.Grains, small.Lent)).ReturnedOn);
        var next = await SmallLibrary.LendAsync(library.Grains, small.Reader, SmallLibrary.First);
        Assert.InRange(next.Number.Sequence, later.Number.Sequence + 1, int.MaxValue);
        Assert.InRange(await library.Grains.UserIds().NextAsync(Token), user + 1, int.MaxValue);
        Assert.InRange(await library.Grains.ReaderNumbers(later.Number.Year).NextAsync(Token), reader + 1, int.MaxValue);
        Assert.InRange(await library.Grains.AuthorNumbers().NextAsync(Token), author + 1, int.MaxValue);
    }

    [Fact]
    public async Task Numbers_that_nobody_can_have_been_given_need_not_be_skipped()
    {
        var small = await EmbeddedLibrary.RunAsync(Data, SmallLibrary.MakeAsync);
        (await SiloCommand.RunAsync(null, "backup", Saved, "--data", Data)).Is(0);

        (await SiloCommand.RunAsync(_target, "restore", Saved, "--skip", "0")).Is(0);

        Assert.Equal(await Rows.OfAsync(new SqliteStates(StatesOf(Data))), await Rows.OfAsync(new PostgresStates(_target)));
        await using var library = await PostgresLibrary.OpenAsync(_target);
        await SmallLibrary.ReturnAsync(library.Grains, small.Lent);
        Assert.Equal(3, (await SmallLibrary.LendAsync(library.Grains, small.Reader, SmallLibrary.First)).Number.Sequence);
    }

    [Fact]
    public async Task A_backup_is_of_one_instant_while_everybody_works()
    {
        await using var busy = await PostgresLibrary.StartAsync();
        var small = await SmallLibrary.MakeAsync(busy.Grains);
        using var process = SiloCommand.Launch(busy.Owner, masterKey: null, ["backup", Saved]);
        var lendings = 0;
        while (!process.HasExited)
        {
            await SmallLibrary.ReturnAsync(busy.Grains, await SmallLibrary.LendAsync(busy.Grains, small.Reader, SmallLibrary.Second));
            lendings++;
        }

        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
        Assert.InRange(lendings, 2, int.MaxValue);

        (await SiloCommand.RunAsync(_target, "restore", Saved)).Is(0);

        // What was in the middle goes on, as after a crash; nothing contradicts it.
        (await SiloCommand.RunAsync(_target, "verify", "--repair")).Is(0);
    }

    [Fact]
    public async Task A_library_that_was_killed_is_saved_with_its_last_writes()
    {
        await using var server = await ServerProcess.StartAsync(new() { Demo = true, Data = Data });
        await server.KillAsync();
        Assert.True(File.Exists(StatesOf(Data) + "-wal"));

        (await SiloCommand.RunAsync(null, "backup", Saved, "--data", Data)).Is(0);

        await CopyKeyAsync();
        (await SiloCommand.RunAsync(null, "restore", Saved, "--data", Again)).Is(0);
        var verified = await SiloCommand.RunAsync(null, "verify", "--repair", "--data", Again);
        verified.Is(0);
        Assert.Contains(" of 46 lendings active: right", verified.Output, StringComparison.Ordinal);
        Assert.Equal(
            await Rows.OfAsync(new SqliteStates(StatesOf(Data)), without: Sequences),
            await Rows.OfAsync(new SqliteStates(StatesOf(Again)), without: Sequences));
    }

    [Fact]
    public async Task A_library_is_not_restored_over_another()
    {
        await SmallBackupAsync();
        await PostgresFixture.ExecuteAsync(
            _target,
            "INSERT INTO OrleansStorage VALUES (1, 0, 0, 1, 'author', 'author:1', 'lms', NULL, now(), 1)");

        (await SiloCommand.RunAsync(_target, "restore", Saved)).Refused("holds a library already");
        (await SiloCommand.RunAsync(null, "restore", Saved, "--data", Data)).Refused($"{Data} holds a library already");

        Assert.Single(await Rows.OfAsync(new PostgresStates(_target)));
    }

    // A log of writes would be replayed, a list be believed.
    [Theory]
    [InlineData("grains.db-wal")]
    [InlineData("read-model.db")]
    public async Task Nor_into_what_is_left_of_one(string left)
    {
        await SmallBackupAsync();
        await CopyKeyAsync();
        await File.WriteAllTextAsync(Path.Combine(Again, left), "", Token);

        (await SiloCommand.RunAsync(null, "restore", Saved, "--data", Again)).Refused($"or the rest of one ({left})");

        Assert.Equal(2, Directory.GetFiles(Again).Length);
    }

    [Fact]
    public async Task Nothing_is_restored_below_a_silo_that_runs()
    {
        await SmallBackupAsync();
        await PostgresFixture.ExecuteAsync(_target, "INSERT INTO silo_stamps VALUES ('S127.0.0.1:11111:1', now())");

        (await SiloCommand.RunAsync(_target, "restore", Saved)).Refused("stop every silo first");

        Assert.Empty(await Rows.OfAsync(new PostgresStates(_target)));
    }

    [Fact]
    public async Task A_database_without_the_schema_is_to_be_migrated_first()
    {
        await SmallBackupAsync();
        await PostgresFixture.ExecuteAsync(_target, "DROP TABLE library_moves");

        (await SiloCommand.RunAsync(_target, "restore", Saved)).Refused("run the command migrate");
        (await SiloCommand.RunAsync(_target, "backup", Saved + "2")).Refused("run the command migrate");
    }

    [Fact]
    public async Task The_master_key_is_that_of_the_library()
    {
        await SmallBackupAsync();
        var key = await File.ReadAllBytesAsync(KeyOf(Data), Token);
        var other = Convert.ToBase64String(new byte[DataDirectory.MasterKeyLength]);

        (await SiloCommand.RunAsync(_target, other, ["restore", Saved])).Refused("Lms:MasterKey is not the master key of the library in the backup");
        (await SiloCommand.RunAsync(null, other, ["restore", Saved, "--data", Again])).Refused("Lms:MasterKey is not the master key of the library in the backup");
        (await SiloCommand.RunAsync(null, "restore", Saved, "--data", Again)).Refused("master.key is missing");
        Assert.False(Directory.Exists(Again));

        (await SiloCommand.RunAsync(null, Convert.ToBase64String(key), ["restore", Saved, "--data", Again])).Is(0);

        Assert.Equal(key, await File.ReadAllBytesAsync(KeyOf(Again), Token));
    }

    [Fact]
    public async Task A_backup_does_not_have_the_master_key_and_is_for_its_owner_alone()
    {
        await SmallBackupAsync();

        var key = await File.ReadAllBytesAsync(KeyOf(Data), Token);
        var content = await File.ReadAllBytesAsync(Saved, Token);
        Assert.Equal(-1, content.AsSpan().IndexOf(key));
        Assert.Equal(-1, content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Convert.ToBase64String(key))));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Saved));
        }
    }

    [Theory]
    [InlineData("$.release", "99.0.0.0", "was made by release 99.0.0.0")]
    [InlineData("$.format", 2, "restore it with that one or a newer one")]
    public async Task A_backup_of_a_newer_release_is_left_to_that(string member, object value, string sentence)
    {
        await SmallBackupAsync();
        await ChangeAsync("UPDATE lms_backup SET note = json_set(note, $member, $value)", ("$member", member), ("$value", value));

        (await SiloCommand.RunAsync(_target, "restore", Saved)).Refused(sentence);

        Assert.Empty(await Rows.OfAsync(new PostgresStates(_target)));
    }

    [Theory]
    [InlineData("UPDATE OrleansStorage SET PayloadBinary = CAST(replace(CAST(PayloadBinary AS TEXT), 'Ana', 'Eva') AS BLOB) WHERE GrainTypeString = 'reader'")]
    [InlineData("DELETE FROM OrleansStorage WHERE GrainTypeString = 'copy'")]
    [InlineData("DELETE FROM lms_backup")]
    [InlineData("DROP TABLE lms_backup")]
    public async Task A_backup_that_somebody_changed_is_refused(string change)
    {
        await SmallBackupAsync();
        await ChangeAsync(change);

        (await SiloCommand.RunAsync(_target, "restore", Saved)).Refused("is no backup, or is damaged");

        Assert.Empty(await Rows.OfAsync(new PostgresStates(_target)));
    }

    [Fact]
    public async Task A_torn_file_is_refused()
    {
        await SmallBackupAsync();
        using (var file = File.OpenHandle(Saved, FileMode.Open, FileAccess.ReadWrite))
        {
            RandomAccess.SetLength(file, RandomAccess.GetLength(file) / 2);
        }

        (await SiloCommand.RunAsync(_target, "restore", Saved)).Refused("is no backup, or is damaged");
        (await SiloCommand.RunAsync(_target, "restore", KeyOf(Data))).Refused("is no backup, or is damaged");
        (await SiloCommand.RunAsync(_target, "restore", Saved + "2")).Refused($"There is no file {Saved}2.");

        Assert.Empty(await Rows.OfAsync(new PostgresStates(_target)));
    }

    [Fact]
    public async Task A_backup_does_not_take_the_place_of_another()
    {
        await SmallBackupAsync();
        var before = await File.ReadAllBytesAsync(Saved, Token);

        (await SiloCommand.RunAsync(null, "backup", Saved, "--data", Data)).Refused("a backup never takes the place of another");

        Assert.Equal(before, await File.ReadAllBytesAsync(Saved, Token));
    }

    [Fact]
    public async Task In_a_folder_backups_are_named_by_their_instant()
    {
        await EmbeddedLibrary.RunAsync(Data, SmallLibrary.MakeAsync);
        Directory.CreateDirectory(Again);

        var made = await SiloCommand.RunAsync(null, "backup", Again, "--data", Data);

        made.Is(0);
        var file = Assert.Single(Directory.GetFiles(Again));
        Assert.Matches("lms-[0-9]{8}T[0-9]{6}Z\\.backup$", file);
        Assert.Contains($" are in {file}.", made.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_library_there_is_no_backup()
    {
        (await SiloCommand.RunAsync(_target, "backup", Saved)).Refused("There is no library in the database.");
        (await SiloCommand.RunAsync(null, "backup", Saved, "--data", Data)).Refused($"There is no library in {Data}.");
        await EmbeddedLibrary.RunAsync(Data, SmallLibrary.MakeAsync);
        (await SiloCommand.RunAsync(_target, "import-embedded", Data)).Is(0);
        (await SiloCommand.RunAsync(null, "backup", Saved, "--data", Data)).Refused("was moved to PostgreSQL");

        Assert.Empty(Directory.GetFiles(_home.Path));
    }

    private static async Task<NpgsqlDataSource> MigratedAsync()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await PostgresFixture.CreateRoleAsync(database, PostgresLibrary.Role);
        await PostgresSchema.MigrateAsync(database, PostgresLibrary.Role, Token);
        return database;
    }

    private static string StatesOf(string data) => Path.Combine(data, "grains.db");

    private static string KeyOf(string data) => Path.Combine(data, "master.key");

    private async Task SmallBackupAsync()
    {
        await EmbeddedLibrary.RunAsync(Data, SmallLibrary.MakeAsync);
        (await SiloCommand.RunAsync(null, "backup", Saved, "--data", Data)).Is(0);
    }

    private async Task CopyKeyAsync()
    {
        Directory.CreateDirectory(Again);
        await File.WriteAllBytesAsync(KeyOf(Again), await File.ReadAllBytesAsync(KeyOf(Data), Token), Token);
    }

    private async Task ChangeAsync(string sql, params (string Name, object Value)[] parameters)
    {
        await using var connection = new SqliteConnection($"Data Source={Saved};Pooling=False");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        await command.ExecuteNonQueryAsync(Token);
    }
}
