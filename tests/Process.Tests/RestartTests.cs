using Microsoft.Data.Sqlite;

namespace Lms.Process.Tests;

/// <summary>What an orderly stop, and a lost read model leave behind.</summary>
public sealed class RestartTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task An_orderly_stop_loses_nothing_and_leaves_no_gap_in_the_numbers()
    {
        using var home = new TempDirectory();
        using var http = new HttpClient();
        var contents = new List<IReadOnlyDictionary<string, string>>();
        var lendings = new List<string>();
        var readers = new List<string>();
        var authors = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            await using var server = await ServerProcess.StartAsync(new() { Demo = true, Data = home.Path });
            var desk = await DemoLibrary.SignInAsync(http, server);
            if (contents.Count > 0)
            {
                Assert.Equal(contents[^1], await DemoLibrary.ContentsAsync(desk));
            }

            for (var j = 0; j < 2; j++)
            {
                readers.Add(Expect.Status(201, await desk.With(null).PostAsync(
                    "/api/readers", Body.Form(Any.Reader()))).Json.Text("readerNumber")!);
                lendings.Add(Expect.Status(201, await desk.PostAsync(
                    "/api/lendings",
                    new { isbn = DemoLibrary.HobbitIsbn, readerNumber = readers[^1] })).Json.Text("lendingNumber")!);
                var author = Body.Form(("name", Any.PersonName), ("bio", Any.Bio));
                authors.Add(Expect.Status(201, await desk.PostAsync("/api/authors", author))
                    .Json.GetProperty("authorNumber").GetInt64());
            }

            contents.Add(await DemoLibrary.ContentsAsync(desk));
            await server.StopAsync();
        }

        var year = lendings[0].Split('/')[0];
        Assert.Equal(Enumerable.Range(47, 6).Select(number => $"{year}/{number}"), lendings);
        Assert.Equal(Enumerable.Range(9, 6).Select(number => $"{year}/{number}"), readers);
        Assert.Equal(Enumerable.Range(10, 6).Select(number => (long)number), authors);
    }

    [Theory]
    [InlineData("drop the tables")]
    [InlineData("delete the file")]
    public async Task A_lost_read_model_is_built_again(string loss)
    {
        using var http = new HttpClient();
        await using var first = await ServerProcess.StartAsync(new() { Demo = true });
        var desk = await DemoLibrary.SignInAsync(http, first);
        var barcode = Any.Barcode;
        Expect.Status(201, await desk.PostAsync($"{DemoLibrary.Hobbit}/copies", new { barcode }));
        var reader = Expect.Status(201, await desk.With(null).PostAsync(
            "/api/readers", Body.Form(Any.Reader()))).Json.Text("readerNumber");
        Expect.Status(201, await desk.PostAsync(
            "/api/lendings", new { isbn = DemoLibrary.HobbitIsbn, readerNumber = reader, barcode }));
        var before = await DemoLibrary.ContentsAsync(desk);
        await first.StopAsync();
        await LoseAsync(loss, first.Data);

        await using var second = await ServerProcess.StartAsync(new() { Demo = true, Data = first.Data });
        desk = await DemoLibrary.SignInAsync(http, second);

        Assert.Equal(before, await BuiltAgainAsync(desk, before));
    }

    [Fact]
    public async Task Only_the_demo_library_comes_with_forbidden_words()
    {
        using var http = new HttpClient();
        await using var empty = await ServerProcess.StartAsync(new() { Settings = new(Staff.Settings) });
        await using var demo = await ServerProcess.StartAsync(new() { Demo = true });

        var (anyone, anyoneOfDemo) = (new Api(http, [empty.Url]), new Api(http, [demo.Url]));
        var solange = Any.Reader(("fullName", "Solange Batman"));

        Expect.Status(201, await anyone.PostAsync("/api/readers", Body.Form(solange)));
        Expect.Status(400, await anyoneOfDemo.PostAsync("/api/readers", Body.Form(solange)));
        var admin = anyone.With(await Staff.SignInAsync(anyone, Staff.Admin, Any.Password));
        Assert.Empty((await admin.GetAsync("/api/admin/forbidden-words")).Json.GetProperty("words").EnumerateArray());
    }

    // The server is ready before its lists are: they are rebuilt behind its back.
    private static async Task<IReadOnlyDictionary<string, string>> BuiltAgainAsync(
        Api desk, IReadOnlyDictionary<string, string> expected)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var found = await DemoLibrary.ContentsAsync(desk, mayBeEmpty: true);
            if (found.All(list => expected[list.Key] == list.Value) || TimeProvider.System.GetElapsedTime(since) > Patience)
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static async Task LoseAsync(string loss, string data)
    {
        var file = Path.Combine(data, "read-model.db");
        if (loss == "delete the file")
        {
            Array.ForEach(Directory.GetFiles(data, "read-model.db*"), File.Delete);
            Assert.False(File.Exists(file));
            return;
        }

        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        foreach (var table in await TablesAsync(connection))
        {
            await using var drop = connection.CreateCommand();
            drop.CommandText = string.Concat("DROP TABLE IF EXISTS \"", table, "\"");
            await drop.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task<List<string>> TablesAsync(SqliteConnection connection)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var tables = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            tables.Add(reader.GetString(0));
        }

        Assert.NotEmpty(tables);
        return tables;
    }
}
