using System.Diagnostics.Metrics;
using System.Text;
using Lms.ApiFrontend.Security;
using Lms.ApiFrontend.Tests.Library;
using Lms.Grains.Abstractions.Users;
using Lms.ReadModel.Infrastructure;
using Lms.ReadModel.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Lms.ApiFrontend.Tests.Security;

/// <summary>Who hears of a revocation, from whom and when. Gateways here share nothing but their notes.</summary>
public sealed class RevocationsTests : GatewayTest, IAsyncLifetime
{
    private static readonly UserId s_user = new(17);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lms-revocations-");
    private readonly FakeTimeProvider _clock = new(new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SharedNotes _notes = new();
    private readonly ReadModelDatabase _living;
    private readonly ReadModelDatabase _dead;

    public RevocationsTests() => (_living, _dead) = (
        ReadModelDatabase.Sqlite($"Data Source={Path.Combine(_directory.FullName, "living.db")}"),
        ReadModelDatabase.Sqlite($"Data Source={Path.Combine(_directory.FullName, "nowhere", "dead.db")}"));

    public async ValueTask InitializeAsync() => await _living.MigrateAsync(Token);

    public async ValueTask DisposeAsync()
    {
        await _living.DisposeAsync();
        await _dead.DisposeAsync();
        await _services.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task What_one_gateway_revokes_all_refuse_at_once_whether_or_not_there_is_a_read_model()
    {
        using var here = Gateway(_dead);
        using var there = Gateway(_dead);
        await there.StartAsync(Token);

        here.Revoke(UserOf(version: 2));

        Assert.All([here, there], gateway => Assert.True(gateway.AreRevoked(s_user, 1)));
        Assert.All([here, there], gateway => Assert.False(gateway.AreRevoked(s_user, 2)));
        Assert.False(there.AreRevoked(new(18), 0));
        await there.StopAsync(Token);
    }

    [Fact]
    public async Task A_gateway_that_starts_without_a_read_model_learns_from_the_others()
    {
        await StoreAsync(version: 3);
        using var here = Gateway(_living);
        using var there = Gateway(_dead);

        await there.RefreshAsync(Token);
        Assert.False(there.AreKnown);
        await here.RefreshAsync(Token);
        await there.RefreshAsync(Token);

        Assert.True(there.AreKnown);
        Assert.True(there.AreRevoked(s_user, 2));
        Assert.False(there.AreRevoked(s_user, 3));
    }

    [Fact]
    public async Task What_was_told_and_not_heard_is_in_the_note()
    {
        using var here = Gateway(_living);
        using var there = Gateway(_dead);
        await here.RefreshAsync(Token);

        here.Revoke(UserOf(version: 1)); // before its row is in the read model
        await there.RefreshAsync(Token);

        Assert.True(there.AreRevoked(s_user, 0));
    }

    [Fact]
    public async Task A_note_without_what_a_gateway_knows_is_completed()
    {
        using var here = Gateway(_living);
        using var there = Gateway(_living);
        here.Revoke(UserOf(version: 1));

        await there.RefreshAsync(Token); // writes a note that lacks it
        using var late = Gateway(_dead);
        await late.RefreshAsync(Token);
        Assert.False(late.AreRevoked(s_user, 0));
        await here.RefreshAsync(Token);
        await late.RefreshAsync(Token);

        Assert.True(late.AreRevoked(s_user, 0));
    }

    [Fact]
    public async Task A_note_that_was_lost_is_left_again_though_the_read_model_is_silent()
    {
        await StoreAsync(version: 3);
        using var here = Gateway(_living);
        await here.RefreshAsync(Token);
        await BreakAsync();
        _notes.Left.Clear();
        _clock.Advance(TimeSpan.FromSeconds(2));

        await here.RefreshAsync(Token);
        using var late = Gateway(_dead);
        await late.RefreshAsync(Token);

        Assert.True(late.AreKnown);
        Assert.True(late.AreRevoked(s_user, 2));
    }

    [Fact]
    public async Task A_disabled_user_has_no_token_that_is_good()
    {
        await StoreAsync(version: 1, enabled: false);
        using var gateway = Gateway(_living);

        await gateway.RefreshAsync(Token);

        Assert.True(gateway.AreRevoked(s_user, 1_000));
    }

    [Fact]
    public async Task What_no_gateway_of_the_library_has_written_is_not_believed()
    {
        await StoreAsync(version: 3);
        using var here = Gateway(_living);
        await here.RefreshAsync(Token);
        var good = _notes.Left[Revocations.Note];
        byte[][] bad =
        [
            [.. good[..^1], (byte)(good[^1] ^ 1)],
            [.. good[..32], .. Encoding.UTF8.GetBytes("""{"AsOf":"2026-01-05T09:00:00Z","Revoked":[]}""")],
            good[..20],
            [],
            new MasterKey(new byte[MasterKey.Length]).Sign("revocations", good.AsSpan(32)),
        ];

        foreach (var note in bad)
        {
            using var there = Gateway(_dead);
            _notes.Left[Revocations.Note] = note;
            await there.RefreshAsync(Token);
            Assert.False(there.AreKnown);
        }
    }

    [Fact]
    public async Task Nobody_else_can_tell_that_a_user_is_out()
    {
        using var gateway = Gateway(_dead);
        await gateway.StartAsync(Token);
        var told = """{"User":17,"Below":9}"""u8.ToArray();

        await _notes.TellAsync(Revocations.Channel, told);
        await _notes.TellAsync(Revocations.Channel, TestLibrary.MasterKey.Sign("something else", told));
        Assert.False(gateway.AreRevoked(s_user, 0));
        await _notes.TellAsync(Revocations.Channel, TestLibrary.MasterKey.Sign(Revocations.Channel, told));

        Assert.True(gateway.AreRevoked(s_user, 8));
        await gateway.StopAsync(Token);
    }

    [Fact]
    public async Task A_note_that_is_older_than_every_token_tells_nothing()
    {
        using var here = Gateway(_living);
        using var there = Gateway(_dead);
        await here.RefreshAsync(Token);
        _clock.Advance(TimeSpan.FromHours(10) + TimeSpan.FromMinutes(6));

        await there.RefreshAsync(Token);

        Assert.False(there.AreKnown);
    }

    [Fact]
    public async Task What_is_known_stays_in_force_while_all_are_silent_and_a_metric_tells_for_how_long()
    {
        await StoreAsync(version: 3);
        await using var database = ReadModelDatabase.Sqlite($"Data Source={Path.Combine(_directory.FullName, "living.db")}");
        using var gateway = Gateway(database);
        await gateway.RefreshAsync(Token);
        Assert.Equal(0, Age());

        await BreakAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        await gateway.RefreshAsync(Token);

        Assert.True(gateway.AreKnown);
        Assert.True(gateway.AreRevoked(s_user, 2));
        Assert.Equal(60, Age());
    }

    [Fact]
    public async Task A_user_is_forgotten_when_the_last_token_has_ended_by_itself()
    {
        using var gateway = Gateway(_living);
        gateway.Revoke(UserOf(version: 1));

        _clock.Advance(TimeSpan.FromHours(10) + TimeSpan.FromMinutes(5));
        await gateway.RefreshAsync(Token);

        Assert.False(gateway.AreRevoked(s_user, 0));
    }

    [Fact]
    public void A_late_message_takes_nothing_back()
    {
        var revoked = new RevokedTokens();
        revoked.Add(new(17, 5, _clock.GetUtcNow().AddHours(2)));

        revoked.Add(new(17, 3, _clock.GetUtcNow().AddHours(1)));

        Assert.Equal([new(17, 5, _clock.GetUtcNow().AddHours(2))], revoked.All);
    }

    private Revocations Gateway(ReadModelDatabase database) => new(
        new UserQueries(database),
        _notes,
        TestLibrary.MasterKey,
        Options.Create(new TokenOptions()),
        _services.GetRequiredService<IMeterFactory>(),
        _clock,
        NullLogger<Revocations>.Instance);

    private static User UserOf(int version) => new()
    {
        Id = s_user,
        Username = "ana@example.org",
        FullName = "Ana",
        Roles = [Roles.Librarian],
        TokenVersion = version,
    };

    private Task StoreAsync(int version, bool enabled = true) => new ReadModelWriter(_living).ApplyAsync(
        [
            new UserRow
            {
                Key = "user:17",
                RowVersion = 1,
                Id = 17,
                Username = "ana@example.org",
                FullName = "Ana",
                FullNameFolded = "ana",
                Roles = Roles.Librarian,
                Enabled = enabled,
                TokenVersion = version,
                RevokedAt = _clock.GetUtcNow(),
                PasswordHash = "",
            },
        ],
        Token);

    /// <summary>The living one says nothing any more.</summary>
    private async Task BreakAsync()
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection(
            $"Data Source={Path.Combine(_directory.FullName, "living.db")}");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = "ALTER TABLE users RENAME TO nobody";
        await command.ExecuteNonQueryAsync(Token);
    }

    private double Age()
    {
        var ages = new List<double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "lms.gateway.revocations.age"
                && instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, age, _, _) => ages.Add(age));
        listener.Start();
        listener.RecordObservableInstruments();
        return Assert.Single(ages);
    }
}
