using System.Globalization;
using System.Text;
using Lms.Silo.Storage;
using Lms.Tests.Shared;
using Npgsql;

namespace Lms.Postgres.Tests.Commands;

/// <summary>A library goes into a file while it runs, from there to PostgreSQL, and from there back to a directory, as its users see it.</summary>
public sealed class BackupRoundTripTests : IAsyncLifetime
{
    private const int Books = 10_000;
    private const string Hobbit = "9789897776090";
    private const string Password = "Sanches!2026";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(8);

    private readonly TempDirectory _home = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(2) };
    private NpgsqlDataSource _target = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_home.Path, "library");

    private string Again => Path.Combine(_home.Path, "again");

    public async ValueTask InitializeAsync()
    {
        _target = await PostgresFixture.CreateDatabaseAsync();
        await PostgresSchema.MigrateAsync(_target, cancellationToken: Token);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _home.Dispose();
        if (_target is not null)
        {
            await PostgresFixture.DropAsync(_target);
        }
    }

    [Fact]
    public async Task The_demo_library_with_ten_thousand_imported_books_comes_back_as_it_was()
    {
        var (first, second) = (Path.Combine(_home.Path, "first.backup"), Path.Combine(_home.Path, "second.backup"));
        IReadOnlyDictionary<string, string> before;
        string token, lending;
        await using (var server = await ServerProcess.StartAsync(new() { Demo = true, Data = Data }))
        {
            var desk = await SignInAsync(server, "maria@gmail.com", "Mariaroberta!123");
            token = desk.Token;
            var books = await ImportAsync(desk);
            lending = await LendAsync(desk);
            before = await SeenAsync(desk, books, lending);

            (await SiloCommand.RunAsync(null, "backup", first, "--data", Data)).Is(0);
        }

        (await SiloCommand.RunAsync(_target, "restore", first)).Is(0);
        (await SiloCommand.RunAsync(_target, "verify")).Is(0);
        Assert.Equal(
            await Rows.OfAsync(SqliteStates.ReadOnly(first), without: "sequence"),
            await Rows.OfAsync(new PostgresStates(_target), without: "sequence"));
        (await SiloCommand.RunAsync(_target, "backup", second)).Is(0);
        Directory.CreateDirectory(Again);
        File.Copy(Path.Combine(Data, "master.key"), Path.Combine(Again, "master.key"));
        (await SiloCommand.RunAsync(null, "restore", second, "--data", Again)).Is(0);
        (await SiloCommand.RunAsync(null, "verify", "--data", Again)).Is(0);

        await using var restored = await ServerProcess.StartAsync(new() { Demo = true, Data = Again });
        var again = new Api(_http, [restored.Url], token);
        Assert.Equal(before, await SeenAsync(again, before.Keys.Where(path => path.StartsWith("/api/books/", StringComparison.Ordinal)), lending));
        Assert.Equal(Books, await CountAsync(again));
        var reader = await SignInAsync(restored, "clara@example.org", Password);
        var open = await again.GetAsync($"/api/lendings/{lending}");
        Expect.Status(200, await reader.PatchAsync($"/api/lendings/{lending}", new { commentary = "Read." }, open.ETag));
        var next = Expect.Status(201, await again.PostAsync("/api/lendings", new { isbn = Hobbit, readerNumber = ReaderOf(before) })).Json.Text("lendingNumber")!;
        Assert.InRange(SequenceOf(next), SequenceOf(lending) + 1, int.MaxValue);
    }

    private async Task<Api> SignInAsync(ServerProcess server, string username, string password)
    {
        var anyone = new Api(_http, [server.Url]);
        var answer = Expect.Status(200, await anyone.PostAsync("/api/public/login", new { username, password }));
        return anyone.With(answer.Header("Authorization")!.Replace("Bearer ", "", StringComparison.Ordinal));
    }

    // With an ISBN, and without.
    private static async Task<IReadOnlyList<string>> ImportAsync(Api desk)
    {
        var csv = new StringBuilder("title,authors,year,isbn\n");
        for (var i = 0; i < Books; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"Livro {i},\"Apelido{i % 500}, Nome\",{1900 + (i % 120)},{(i % 2 == 0 ? Isbn(i) : "")}\n");
        }

        var started = Expect.Status(202, await desk.PostAsync("/api/imports", Body.Raw(csv.ToString(), "text/csv")));
        var import = await Eventually.HoldsAsync(
            () => desk.GetAsync(started.Location), answer => answer.Json.Text("state") == "done", s_patience);
        Assert.Equal(("done", Books), (import.Json.Text("state"), import.Json.GetProperty("created").GetInt32()));
        var local = Expect.Status(200, await desk.GetAsync("/api/books?title=Livro%20777")).Items[0].Text("isbn")!;
        return [$"/api/books/{Hobbit}", $"/api/books/{Isbn(4_242)}", $"/api/books/{local}", $"/api/books/{Hobbit}/copies"];
    }

    private static async Task<string> LendAsync(Api desk)
    {
        Expect.Status(201, await desk.PostAsync($"/api/books/{Hobbit}/copies", new { barcode = "HOBBIT-1" }));
        var reader = Expect.Status(201, await desk.With(null).PostAsync("/api/readers", Body.Form(
            ("username", "clara@example.org"), ("password", Password), ("fullName", "Clara"), ("birthDate", "2000-01-01"),
            ("phoneNumber", "919191919"), ("gdpr", "true"), ("marketing", "true"), ("thirdParty", "true")))).Json.Text("readerNumber");
        return Expect.Status(201, await desk.PostAsync(
            "/api/lendings", new { isbn = Hobbit, readerNumber = reader, barcode = "HOBBIT-1" })).Json.Text("lendingNumber")!;
    }

    /// <summary>Answers with their ETags, by what was asked for; addresses without the server's.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> SeenAsync(Api desk, IEnumerable<string> books, string lending)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] others = [$"/api/lendings/{lending}", "/api/copies/HOBBIT-1", "/api/readers?name=Clara", "/api/lendings/overdue?number=1&limit=100", "/api/genres?limit=100", "/.well-known/jwks.json"];
        foreach (var path in books.Concat(others))
        {
            var answer = Expect.Status(200, await desk.GetAsync(path));
            var body = answer.Text.Replace(new Uri(answer.Request.Split(' ')[1]).Authority, "", StringComparison.Ordinal);
            seen[path] = $"{answer.Header("ETag")} {body}";
        }

        return seen;
    }

    private static async Task<int> CountAsync(Api desk)
    {
        var export = Expect.Status(200, await desk.GetAsync("/api/exports/books?format=csv"));
        return export.Text.Split('\n').Count(line => line.Contains("Livro ", StringComparison.Ordinal));
    }

    private static string ReaderOf(IReadOnlyDictionary<string, string> seen)
    {
        var reader = seen["/api/readers?name=Clara"];
        var number = reader[(reader.IndexOf("\"readerNumber\":\"", StringComparison.Ordinal) + "\"readerNumber\":\"".Length)..];
        return number[..number.IndexOf('"', StringComparison.Ordinal)];
    }

    private static int SequenceOf(string lending) => int.Parse(lending.Split('/')[1], CultureInfo.InvariantCulture);

    private static string Isbn(int number)
    {
        var twelve = string.Create(CultureInfo.InvariantCulture, $"9786{number:D8}");
        var sum = twelve.Select((digit, place) => (digit - '0') * (place % 2 == 0 ? 1 : 3)).Sum();
        return string.Create(CultureInfo.InvariantCulture, $"{twelve}{(10 - (sum % 10)) % 10}");
    }
}
