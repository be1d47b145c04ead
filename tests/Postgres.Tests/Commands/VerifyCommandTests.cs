using System.Globalization;
using Lms.Grains.Abstractions.Lendings;
using Lms.Postgres.Tests.Storage;
using Lms.ReadModel.Infrastructure;
using Lms.ReadModel.Users;
using Lms.Silo;

namespace Lms.Postgres.Tests.Commands;

/// <summary>States that contradict each other are found, each as what it is, and mended where nobody has to guess.</summary>
public sealed class VerifyCommandTests : IAsyncLifetime
{
    private const string Everything = "states: |accounts: |copies: |holdings: |sequences: |users: |read model: ";

    private PostgresLibrary _library = null!;
    private SmallLibrary _small = null!;

    public async ValueTask InitializeAsync()
    {
        _library = await PostgresLibrary.StartAsync();
        _small = await SmallLibrary.MakeAsync(_library.Grains);

        // What nobody waits for may miss the read model when a silo stops.
        await LmsSilo.ReconcileAsync(_library.Service<IServiceProvider>(), TestContext.Current.CancellationToken);
        await _library.StopSiloAsync();
        await AgeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_library is not null)
        {
            await _library.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_library_that_was_stopped_in_order_is_right()
    {
        var verified = await SiloCommand.RunAsync(_library.Owner, "verify");

        verified.Is(0);
        Assert.Equal(Everything.Split('|').Length, verified.Output.TrimEnd().Split('\n').Length);
        Assert.All(Everything.Split('|').Zip(verified.Output.Split('\n')), line =>
        {
            Assert.StartsWith(line.First, line.Second, StringComparison.Ordinal);
            Assert.EndsWith(": right", line.Second, StringComparison.Ordinal);
        });
        Assert.Contains("accounts: 1 entries of 1 accounts, 1 of 2 lendings active: right", verified.Output, StringComparison.Ordinal);
        Assert.Contains("copies: 2 copies, 1 of them lent: right", verified.Output, StringComparison.Ordinal);
    }

    // What each says of the first lending, LENT, the returned one, BACK, and the reader, READER.
    public static TheoryData<string, string[], bool> Violations => new()
    {
        { Set("lending:LENT", "{Lending,ReturnedOn}", "\"2026-01-01\""), ["account:READER counts lending LENT, which is returned", "copy:C-1 is with lending LENT, which is returned"], true },
        { Set("account:READER", "{Entries}", "[]"), ["lending:LENT is lent to reader READER, whose account does not count it"], false },
        { Set("account:READER", "{Entries,0,Barcode}", "\"C-2\""), ["account:READER counts lending LENT, which has copy C-1, and not C-2"], false },
        { Set("copy:C-1", "{Copy,Lending}", "null"), ["lending:LENT has copy C-1, which is with nobody"], false },
        { Set("copy:C-1", "{Copy,Reader}", "\"1990/7\""), ["copy:C-1 is with lending LENT, and with reader 1990/7, whose lending that is not"], false },
        { Set("copy:C-2", "{Copy,Lending}", "\"BACK\""), ["copy:C-2 is with lending BACK, which is returned"], false },
        { Set("copy:C-2", "{Copy,Lending}", "\"BACK\"") + Set("copy:C-2", "{Released}", "[]"), ["copy:C-2 is with lending BACK, which is returned"], true },
        { Set("copy:C-2", "{Copy,Lending}", "\"LENT\""), ["copy:C-2 is with lending LENT, which has copy C-1"], true },
        { Set("copy:C-2", "{Copy,Lending}", "\"1990/1\"") + Set("seq:lending:YEAR", "{Reserved}", "9"), ["copy:C-2 is with lending 1990/1, which does not exist", "seq:lending:1990 is at 0, and 1 is given"], false },
        { Pending, ["account:READER counts lending LENT, which was begun and neither made nor undone"], true },
        { Set("holdings:ISBN", "{Barcodes}", "[\"C-1\"]"), ["copy:C-2 is a copy of book ISBN, whose holdings do not list it"], false },
        { Set("holdings:ISBN", "{Barcodes}", "[\"C-1\",\"C-2\",\"C-3\"]"), ["holdings:ISBN lists copy C-3, which does not exist"], false },
        { Set("copy:C-2", "{Copy,IsWithdrawn}", "true"), ["holdings:ISBN lists copy C-2, which is withdrawn"], false },
        { Set("seq:lending:YEAR", "{Reserved}", "1"), ["seq:lending:YEAR is at 1, and 2 is given"], true },
        { "DELETE FROM OrleansStorage WHERE GrainIdExtensionString = 'seq:user'", ["seq:user is at 0, and 1 is given"], true },
        { Set("login:ana@example.org", "{User}", "null"), ["user:1 has the username ana@example.org, which nobody has"], false },
        { Set("user:1", "{User,Username}", "\"eva@example.org\""), ["user:1 has the username eva@example.org, which nobody has", "login:ana@example.org is user 1's, whose username is eva@example.org"], false },
        { Set("user:1", "{User,Reader}", "null"), ["reader:READER is user 1, who is not this reader"], false },
        { "DELETE FROM copies WHERE barcode = 'C-1'", ["copy:C-1 is not in the read model"], true },
        { "UPDATE lendings SET row_version = row_version - 1 WHERE number = 'BACK'", ["lending:BACK has version 2, and 1 in the read model"], true },
        { "UPDATE lendings SET row_version = row_version + 1 WHERE number = 'BACK'", ["lending:BACK has version 2, and 3 in the read model"], true },
        { "UPDATE users SET projection_schema = 0", ["user:1 is shown as schema 0 had it, not 2"], true },
        { "INSERT INTO logins (grain_key, row_version, projection_schema, username) VALUES ('login:x', 1, 1, 'x')", ["login:x is in the read model and nowhere else"], true },
    };

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task Each_contradiction_is_found_and_mended_where_nobody_has_to_guess(string change, string[] findings, bool isMended)
    {
        await PostgresFixture.ExecuteAsync(_library.Owner, Meant(change));

        var verified = await SiloCommand.RunAsync(_library.Owner, "verify");
        var repaired = await SiloCommand.RunAsync(_library.Owner, "verify", "--repair");

        verified.Is(4);
        Assert.Equal(findings.Select(Meant).Order(StringComparer.Ordinal), FindingsOf(verified));
        repaired.Is(isMended ? 0 : 4);
    }

    [Fact]
    public async Task What_was_written_a_moment_ago_may_be_going_on()
    {
        await PostgresFixture.ExecuteAsync(_library.Owner, Meant(Set("copy:C-2", "{Copy,Lending}", "\"BACK\"")));
        await PostgresFixture.ExecuteAsync(
            _library.Owner, "UPDATE OrleansStorage SET ModifiedOn = now() WHERE GrainIdExtensionString = 'copy:C-2'");

        var verified = await SiloCommand.RunAsync(_library.Owner, "verify");

        verified.Is(0);
        Assert.Contains("copies: 2 copies, 2 of them lent: right, 1 under way", verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_undone_lending_leaves_its_copy_on_the_shelf()
    {
        await PostgresFixture.ExecuteAsync(_library.Owner, Meant(Pending));

        (await SiloCommand.RunAsync(_library.Owner, "verify", "--repair")).Is(0);

        await _library.RestartAsync();
        Assert.Null((await _library.Grains.Copy(SmallLibrary.First).GetAsync(TestContext.Current.CancellationToken)).Value!.Lending);
    }

    [Fact]
    public async Task A_state_that_cannot_be_read_is_told_and_nothing_is_repaired_around_it()
    {
        await PostgresFixture.ExecuteAsync(
            _library.Owner, "UPDATE OrleansStorage SET PayloadBinary = 'x' WHERE GrainIdExtensionString = 'copy:C-1'");

        var verified = await SiloCommand.RunAsync(_library.Owner, "verify");

        verified.Is(4);
        Assert.Contains("  copy:C-1 cannot be read: ", verified.Output, StringComparison.Ordinal);
        (await SiloCommand.RunAsync(_library.Owner, "verify", "--repair")).Refused("restore a backup");
    }

    [Fact]
    public async Task Of_many_findings_twenty_are_told()
    {
        await PostgresFixture.ExecuteAsync(
            _library.Owner,
            """
            INSERT INTO logins (grain_key, row_version, projection_schema, username)
            SELECT 'login:' || n, 1, 1, n::text FROM generate_series(1, 25) n
            """);

        var verified = await SiloCommand.RunAsync(_library.Owner, "verify");

        Assert.Equal(20, FindingsOf(verified).Count(finding => finding.StartsWith("login:", StringComparison.Ordinal)));
        Assert.EndsWith("  and 5 more\n", verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_repaired_below_a_silo_that_runs()
    {
        await PostgresFixture.ExecuteAsync(_library.Owner, "INSERT INTO silo_stamps VALUES ('S127.0.0.1:11111:1', now())");

        (await SiloCommand.RunAsync(_library.Owner, "verify", "--repair")).Refused("S127.0.0.1:11111:1");
        (await SiloCommand.RunAsync(_library.Owner, "verify")).Is(0);
    }

    [Fact]
    public async Task Users_as_the_release_before_showed_them_are_made_anew_with_what_a_sign_in_needs()
    {
        var users = new UserQueries(ReadModelDatabase.Postgres(_library.Owner));
        await PostgresFixture.ExecuteAsync(
            _library.Owner, "UPDATE users SET password_hash = NULL, reader = NULL, projection_schema = 1");
        Assert.Null(await users.FindCredentialsAsync("ana@example.org", TestContext.Current.CancellationToken));

        (await SiloCommand.RunAsync(_library.Owner, "verify", "--repair")).Is(0);

        var found = await users.FindCredentialsAsync("ana@example.org", TestContext.Current.CancellationToken);
        Assert.Equal(("hash", _small.Reader.Number.ToString()), (found?.PasswordHash, found?.Reader));
    }

    [Fact]
    public async Task Without_a_schema_there_is_nothing_to_verify()
    {
        await PostgresFixture.ExecuteAsync(_library.Owner, "DROP TABLE library_moves");

        (await SiloCommand.RunAsync(_library.Owner, "verify")).Refused("run the command migrate");
    }

    [Theory]
    [InlineData("verify", "all")]
    [InlineData("verify", "--data")]
    [InlineData("import-embedded")]
    [InlineData("import-embedded", "a", "b")]
    [InlineData("backup")]
    [InlineData("backup", "--data", "a")]
    [InlineData("backup", "a", "--data")]
    [InlineData("restore")]
    [InlineData("restore", "a", "--skip", "-1")]
    [InlineData("restore", "a", "--skip", "1", "--skip", "2")]
    [InlineData("restore", "a", "b")]
    public async Task What_cannot_be_meant_is_told_how_it_is_meant(params string[] arguments) =>
        (await SiloCommand.RunAsync(_library.Owner, arguments)).Refused($"Usage: {arguments[0]} ", exit: 2);

    private static string Pending =>
        Set("account:READER", "{Entries,0,IsOpen}", "false")
        + Set("account:READER", "{Entries,0,Deadline}", "\"2026-01-01T00:00:00+00:00\"")
        + "DELETE FROM OrleansStorage WHERE GrainIdExtensionString = 'lending:LENT'; DELETE FROM lendings WHERE number = 'LENT';";

    private static string Set(string key, string path, string value) =>
        $"""
        UPDATE OrleansStorage
        SET PayloadBinary = convert_to(jsonb_set(convert_from(PayloadBinary, 'UTF8')::jsonb, '{path}', '{value}')::text, 'UTF8')
        WHERE GrainIdExtensionString = '{key}';
        """;

    private static IEnumerable<string> FindingsOf(Ended verified) => verified.Output.Split('\n')
        .Where(line => line.StartsWith("  ", StringComparison.Ordinal) && !line.StartsWith("  and ", StringComparison.Ordinal))
        .Select(line => line.Trim().Replace(" (can be repaired)", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private string Meant(string text) => text
        .Replace("LENT", _small.Lent.Number.ToString(), StringComparison.Ordinal)
        .Replace("BACK", _small.Returned.Number.ToString(), StringComparison.Ordinal)
        .Replace("READER", _small.Reader.Number.ToString(), StringComparison.Ordinal)
        .Replace("ISBN", SmallLibrary.Isbn.ToString(), StringComparison.Ordinal)
        .Replace("YEAR", _small.Lent.Number.Year.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private Task AgeAsync() =>
        PostgresFixture.ExecuteAsync(_library.Owner, "UPDATE OrleansStorage SET ModifiedOn = ModifiedOn - interval '1 hour'");
}
