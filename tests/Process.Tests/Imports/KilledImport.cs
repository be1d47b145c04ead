using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lms.Grains.Abstractions;

namespace Lms.Process.Tests.Imports;

/// <summary>What an import left in its library, so that two libraries can be compared.</summary>
/// <param name="Numbers">Read, created, updated, unchanged, skipped, failed and warnings.</param>
/// <param name="Books">Exported, one line of text each, local numbers apart.</param>
/// <param name="Storage">What is stored.</param>
internal sealed record Imported(string Numbers, IReadOnlyList<string> Books, ImportStorage Storage);

/// <summary>What the first kill of an import strikes.</summary>
internal enum Moment
{
    /// <summary>Half of the file is on its way.</summary>
    Upload,

    /// <summary>The file was sent; whether it is answered, chance tells.</summary>
    Start,

    /// <summary>The 202 has just come.</summary>
    Accepted,

    /// <summary>Records are being read.</summary>
    Later,
}

/// <summary>Imports one file into one library, whose server is killed again and again until its kills are used up.</summary>
internal sealed partial class KilledImport(byte[] file, string query, Random random, Moment first = Moment.Later) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string[] Counts = ["read", "created", "updated", "unchanged", "skipped", "failed", "warnings"];

    private readonly TempDirectory home = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false }) { Timeout = Patience };
    private readonly string key = Any.Key;
    private ServerProcess? server;
    private string? librarian;
    private string? import;

    /// <summary>Kills by what they struck.</summary>
    public List<string> Kills { get; } = [];

    private string Data => Path.Combine(home.Path, "library");

    private string Uploads => Path.Combine(Data, "uploads");

    private Api Desk => new(http, [server!.Url], librarian);

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        http.Dispose();
        home.Dispose();
    }

    /// <summary>Imports the file to its end, through so many kills or fewer, when the end comes first.</summary>
    public async Task RunAsync(int kills)
    {
        await StartAsync();
        librarian = await Staff.NewLibrarianAsync(Desk.With(null));
        while (Kills.Count < kills && await StrikeAsync() is { } struck)
        {
            Kills.Add(struck);
            await server!.KillAsync();
            await server.DisposeAsync();
            Age();
            await StartAsync();
        }

        import ??= await SendAsync();
        await DoneAsync(import);
    }

    /// <summary>What is there now; the import is done.</summary>
    public async Task<Imported> ResultAsync()
    {
        var imports = Expect.Status(200, await Desk.GetAsync("/api/imports"));
        Assert.Equal([import], imports.Items.Select(item => item.Text("id")));
        var storage = ImportStorage.Read(Data);
        var lines = new List<string>();
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            // The read model, which exports are made from, may follow by a moment.
            var export = Expect.Status(200, await Desk.GetAsync("/api/exports/books?format=csv")).Text;
            lines = [.. LocalNumber().Replace(Folding.Fold(export), "local").Split('\n').Order(StringComparer.Ordinal)];
            var exported = Isbn().Count(export);
            if (exported >= storage.Books || TimeProvider.System.GetElapsedTime(since) > Patience)
            {
                break;
            }

            await PauseAsync();
        }

        var done = await ReadAsync(import!);
        return new(Text(done), lines, storage);
    }

    /// <summary>Imports the same file once more, undisturbed.</summary>
    public async Task<string> AgainAsync()
    {
        var answer = Expect.Status(202, await PostAsync(new ByteArrayContent(file), Any.Key));
        return Text(await DoneAsync(answer.Json.Text("id")!));
    }

    /// <summary>Waits until no upload is left, and answers those that stay.</summary>
    public async Task<string[]> LeftAsync()
    {
        var since = TimeProvider.System.GetTimestamp();
        while (Files().Length > 0 && TimeProvider.System.GetElapsedTime(since) < Patience)
        {
            await PauseAsync();
        }

        return Files();
    }

    // Brings the import to a moment worth a kill, and says which; null when it is done.
    private async Task<string?> StrikeAsync()
    {
        if (import is null)
        {
            switch (Kills.Count == 0 ? first : Moment.Later)
            {
                case Moment.Upload:
                    using (var half = new HalfFile(file, random.Next(file.Length)))
                    {
                        Forget(PostAsync(half, key));
                        await half.Sent;
                    }

                    return "upload";
                case Moment.Start:
                    // What became of it nobody knows: the repeat with its key finds out.
                    var sending = PostAsync(new ByteArrayContent(file), key);
                    await Task.WhenAny(sending, Task.Delay(random.Next(150), TestContext.Current.CancellationToken));
                    Forget(sending);
                    return "start";
                case Moment.Accepted:
                    import = await SendAsync();
                    return "accepted";
                default:
                    import = await SendAsync();
                    break;
            }
        }

        if (random.Next(4) == 0)
        {
            // Asked for once, it goes on; wherever it is by now.
            await ReadAsync(import);
            await Task.Delay(random.Next(200), TestContext.Current.CancellationToken);
            return IsDone(await ReadAsync(import)) ? null : "resume";
        }

        var before = await ReadAsync(import);
        var target = before.GetProperty("read").GetInt32() + random.Next(1, 600);
        var isEnd = random.Next(8) == 0;
        while (true)
        {
            var now = await ReadAsync(import);
            if (IsDone(now))
            {
                return isEnd ? "end" : null;
            }

            if (!isEnd && now.GetProperty("read").GetInt32() >= target)
            {
                return "records";
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private async Task StartAsync() => server = await ServerProcess.StartAsync(
        new() { Data = Data, Settings = new(Staff.Settings, StringComparer.Ordinal) });

    // A day goes by: what the crash left of an upload is old at the next start, and so is the upload of the import.
    private void Age() => Array.ForEach(Files(), path =>
        File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromDays(2)));

    private string[] Files() => Directory.Exists(Uploads) ? Directory.GetFiles(Uploads) : [];

    // With one key for all attempts: however often it is sent, it is one import.
    private async Task<string> SendAsync()
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await PostAsync(new ByteArrayContent(file), key);
            if (answer.Status == 202 || TimeProvider.System.GetElapsedTime(since) > Patience)
            {
                return Expect.Status(202, answer).Json.Text("id")!;
            }

            Expect.Status(503, answer);
            await PauseAsync();
        }
    }

    private Task<Answer> PostAsync(HttpContent content, string idempotencyKey)
    {
        content.Headers.ContentType = new("application/octet-stream");
        return Desk.PostAsync($"/api/imports?{query}", content, ("Idempotency-Key", idempotencyKey));
    }

    private async Task<JsonElement> ReadAsync(string id) => Expect.Status(200, await Desk.GetAsync($"/api/imports/{id}")).Json;

    private async Task<JsonElement> DoneAsync(string id)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var found = await ReadAsync(id);
            if (IsDone(found))
            {
                return found;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(since) < Patience, $"Still not done: {found}\n{server!.Everything()}");
            await PauseAsync();
        }
    }

    private static bool IsDone(JsonElement import)
    {
        Assert.Contains(import.Text("state")!, (string[])["queued", "running", "done"]);
        return import.Text("state") == "done";
    }

    private static string Text(JsonElement import)
    {
        var numbers = Counts.Select(name => import.GetProperty(name).GetInt32()).ToList();
        Assert.Equal(numbers[0], numbers.Skip(1).Take(5).Sum());
        return string.Join(", ", Counts.Zip(numbers, (name, number) => $"{name} {number}"));
    }

    private static void Forget(Task<Answer> sending) => _ = sending.ContinueWith(
        task => task.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private static Task PauseAsync() =>
        Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);

    [GeneratedRegex(@"\b20[0-9]{11}\b", RegexOptions.None, 1_000)]
    private static partial Regex LocalNumber();

    // The id of a book, which ends its row.
    [GeneratedRegex(@",[0-9]{13}\r\n", RegexOptions.None, 1_000)]
    private static partial Regex Isbn();

    /// <summary>A body that stops half way and never goes on.</summary>
    private sealed class HalfFile(byte[] file, int length) : HttpContent
    {
        private readonly TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Sent => sent.Task;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(file.AsMemory(0, length));
            await stream.FlushAsync();
            sent.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan);
        }

        protected override bool TryComputeLength(out long found)
        {
            found = file.Length;
            return true;
        }
    }
}
