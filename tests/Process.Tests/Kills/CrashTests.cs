using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Lms.Process.Tests.Kills;

/// <summary>Crashes at one exact point, made by taking back in storage what a crash would not have let happen.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private readonly TempDirectory home = new();
    private readonly HttpClient http = new();
    private ServerProcess server = null!;
    private Api desk = null!;
    private string? token;
    private string isbn = "";

    private string Data => Path.Combine(home.Path, "library");

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        token = await Staff.NewLibrarianAsync(desk);
        desk = desk.With(token);
        var genre = Any.GenreName;
        Expect.Status(201, await desk.PostAsync("/api/genres", new { name = genre }));
        isbn = Any.Isbn13;
        Expect.Status(201, await desk.PostAsync(
            "/api/books/complete",
            new { isbn, title = Any.Title, genre, authors = new[] { new { name = Any.PersonName, bio = Any.Bio } } }));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        http.Dispose();
        home.Dispose();
    }

    [Fact]
    public async Task A_repeated_return_by_barcode_leaves_the_next_readers_lending_alone()
    {
        var barcode = await NewCopyAsync();
        var (first, second) = (await NewReaderAsync(), await NewReaderAsync());
        var returned = await LendAsync(first, Any.Key);
        var key = Any.Key;
        Expect.Status(200, await ReturnAsync(barcode, key));
        await StopAsync();
        await ForgetOutcomeAsync(key);
        await StartAsync();
        var lent = await LendAsync(second, Any.Key);

        var repeated = Expect.Status(200, await ReturnAsync(barcode, key));

        Assert.Equal(Number(returned), Number(repeated));
        Assert.True((await desk.GetAsync($"/api/lendings/{Number(lent)}")).Json.IsNull("returnedDate"));
    }

    [Fact]
    public async Task A_lending_that_goes_on_after_a_crash_keeps_one_copy()
    {
        var (one, two) = (await NewCopyAsync(), await NewCopyAsync());
        var (first, second) = (await NewReaderAsync(), await NewReaderAsync());
        await LendAsync(first, Any.Key);
        var key = Any.Key;
        var interrupted = Number(await LendAsync(second, key));
        await StopAsync();
        await RemoveAsync($"lending:{interrupted}");
        await ForgetOutcomeAsync(key);
        await StartAsync();
        Expect.Status(200, await ReturnAsync(one, Any.Key));

        var repeated = await LendAsync(second, key);

        Assert.Equal(interrupted, Number(repeated));
        string[] states = [await StatusAsync(one), await StatusAsync(two)];
        Assert.Equal(["available", "lent"], states.Order(StringComparer.Ordinal));
    }

    private async Task StartAsync()
    {
        server = await ServerProcess.StartAsync(new() { Data = Data, Settings = new(Staff.Settings) });
        desk = new Api(http, [server.Url], token);
    }

    private async Task StopAsync() => await server.DisposeAsync();

    private async Task<string> NewCopyAsync()
    {
        var barcode = Any.Barcode;
        Expect.Status(201, await desk.PostAsync($"/api/books/{isbn}/copies", new { barcode }));
        return barcode;
    }

    private async Task<string> NewReaderAsync() => Expect.Status(
        201, await desk.With(null).PostAsync("/api/readers", Body.Form(Any.Reader()))).Json.Text("readerNumber")!;

    private async Task<Answer> LendAsync(string reader, string key) => Expect.Status(
        201, await desk.PostAsync("/api/lendings", new { isbn, readerNumber = reader }, ("Idempotency-Key", key)));

    private Task<Answer> ReturnAsync(string barcode, string key) =>
        desk.PostAsync("/api/returns", new { barcode }, ("Idempotency-Key", key));

    private async Task<string> StatusAsync(string barcode) =>
        Expect.Status(200, await desk.GetAsync($"/api/copies/{barcode}")).Json.Text("status")!;

    private static string Number(Answer lending) => lending.Json.Text("lendingNumber")!;

    private Task RemoveAsync(string key) => ExecuteAsync(
        "DELETE FROM OrleansStorage WHERE GrainIdExtensionString = @key", ("@key", key));

    /// <summary>The operation of the client's key was begun, and nobody knows what came of it.</summary>
    private async Task ForgetOutcomeAsync(string key)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        await ExecuteAsync(
            """
            UPDATE OrleansStorage
            SET PayloadBinary = CAST(
                json_set(json_remove(CAST(PayloadBinary AS TEXT), '$.Outcome'), '$.RunningUntil', @past) AS BLOB)
            WHERE GrainTypeString = 'operation' AND GrainIdExtensionString LIKE '%:' || @hash
            """,
            ("@hash", hash),
            ("@past", "2000-01-01T00:00:00+00:00"));
    }

    private async Task ExecuteAsync(string sql, params (string Name, string Value)[] parameters)
    {
        await using var connection = Open();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(Data, "grains.db")};Pooling=False");
        connection.Open();
        return connection;
    }
}
