using System.Collections.Concurrent;
using System.Globalization;

namespace Lms.Process.Tests.Kills;

/// <summary>Many clients write while the server is killed again and again.</summary>
internal sealed class Campaign(int seed, string data) : IDisposable
{
    private const int Clients = 12;
    private const int Readers = 60;
    private const int CheckedAfterEachKill = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);

    // Before it, the server may still take the request that died with it for a running one.
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan LongestLoad = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<ReaderFact> readers = new();
    private readonly ConcurrentQueue<TextFact> texts = new();
    private readonly List<ReaderFact> allReaders = [];
    private readonly List<BookFact> books = [];
    private readonly HashSet<string> unfinishedBefore = new(StringComparer.Ordinal);
    private readonly Random random = new(seed);
    private HttpClient http = new();
    private ServerProcess? server;
    private string librarian = "";
    private int checkedSoFar;

    public Ledger Ledger { get; } = new();

    public int Kills { get; private set; }

    /// <summary>Kills that left a lending begun and not made.</summary>
    public int KillsInLending { get; private set; }

    /// <summary>Kills that left a return made and not finished.</summary>
    public int KillsInReturn { get; private set; }

    /// <summary>Acknowledged writes that were compared right after a kill.</summary>
    public int Compared { get; private set; }

    /// <summary>How long clients were writing.</summary>
    public TimeSpan Loaded { get; private set; }

    private Api Anyone => CallerOf(server!)(null);

    public void Dispose() => http.Dispose();

    public async Task StartAsync()
    {
        var pendingFor = random.Next(2) == 0 ? "00:00:05" : "00:00:30"; // undone, or finished
        var settings = new Dictionary<string, string>(Staff.Settings, StringComparer.Ordinal)
        {
            ["Lms__Lendings__PendingFor"] = pendingFor,
        };
        server = await ServerProcess.StartAsync(new() { Data = data, Settings = settings });
        http.Dispose();
        http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { Timeout = TimeSpan.FromSeconds(20) };
    }

    public async Task StopAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
            server = null;
        }
    }

    /// <summary>A library with readers who may borrow, books with and without copies, and texts to edit.</summary>
    public async Task FurnishAsync()
    {
        librarian = await Staff.NewLibrarianAsync(Anyone);
        var desk = Anyone.With(librarian);
        var genre = Any.GenreName;
        Expect.Status(201, await desk.PostAsync("/api/genres", new { name = genre }));
        for (var i = 0; i < 20; i++)
        {
            var (name, bio, title, isbn) = (Any.PersonName, Any.Bio, Any.Title, Any.Isbn13);
            var author = Expect.Status(
                201, await desk.PostAsync("/api/authors", Body.Form(("name", name), ("bio", bio)))).Json.GetProperty("authorNumber").GetInt64().ToString(CultureInfo.InvariantCulture);
            texts.Enqueue(new TextFact($"/api/authors/{author}", "bio", bio));
            Expect.Status(201, await desk.PutAsync(
                $"/api/books/{isbn}",
                Body.Form(("title", title), ("genre", genre), ("authors[]", author), ("description", bio))));
            texts.Enqueue(new TextFact($"/api/books/{isbn}", "description", bio));
            string[] barcodes = i % 2 == 0 ? [] : [Any.Barcode, Any.Barcode, Any.Barcode];
            foreach (var barcode in barcodes)
            {
                Expect.Status(201, await desk.PostAsync($"/api/books/{isbn}/copies", new { barcode }));
            }

            books.Add(new BookFact(isbn, barcodes));
        }

        for (var i = 0; i < Readers; i++)
        {
            var (username, fullName) = (Any.Email, Any.PersonName);
            var form = Body.Form(Any.Reader(("username", username), ("fullName", fullName)));
            var number = Expect.Status(201, await Anyone.PostAsync("/api/readers", form)).Json.Text("readerNumber")!;
            var token = await Staff.SignInAsync(Anyone, username, Any.Password);
            allReaders.Add(new ReaderFact(number, username, fullName, token));
        }

        allReaders.ForEach(readers.Enqueue);
    }

    /// <summary>Lets the clients write, and kills the server in the middle of it.</summary>
    public async Task WriteAndKillAsync()
    {
        using var killed = new CancellationTokenSource();
        var answers = Ledger.Answers + random.Next(30, 220);
        var callers = CallerOf(server!);
        var since = TimeProvider.System.GetTimestamp();
        var clients = Enumerable.Range(0, Clients)
            .Select(client => WriteUntilAsync(new Random(random.Next()), callers, killed.Token))
            .Append(RepeatUntilAsync(callers, killed.Token))
            .ToList();

        // Counted in answers, so that a kill on a slow machine finds as much going on.
        while (Ledger.Answers < answers && TimeProvider.System.GetElapsedTime(since) < LongestLoad)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Loaded += TimeProvider.System.GetElapsedTime(since);
        await killed.CancelAsync(); // only now: nobody may count what is sent to a server that is gone
        await server!.KillAsync();
        await Task.WhenAll(clients);
        await StopAsync();
        Kills++;
        Autopsy();
    }

    /// <summary>The writes whose acknowledgements came last before the kill are those most easily lost.</summary>
    public async Task CompareLastAsync()
    {
        var acknowledged = Ledger.Acknowledged;
        var last = acknowledged.Skip(Math.Max(checkedSoFar, acknowledged.Count - CheckedAfterEachKill)).ToList();
        checkedSoFar = acknowledged.Count;
        await CompareAsync(last);
        Compared += last.Count;
    }

    /// <summary>Asks for every one of the acknowledged writes, one by one; what is not as acknowledged ends the test.</summary>
    public async Task CompareAsync(IEnumerable<Acknowledgement> acknowledged)
    {
        var wrong = new ConcurrentQueue<string>();
        var desk = Anyone.With(librarian);
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = 8,
            CancellationToken = TestContext.Current.CancellationToken,
        };
        await Parallel.ForEachAsync(acknowledged, options, async (item, _) =>
        {
            if (await item.CheckAsync(desk) is { } difference)
            {
                wrong.Enqueue(difference);
            }
        });
        Nothing("Acknowledged writes are lost or changed", wrong);
    }

    /// <summary>Repeats what has no answer yet until everything has one.</summary>
    public async Task LearnAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        await RepeatUntilAsync(CallerOf(server!), deadline.Token, untilKnown: true);
        Assert.True(Ledger.Unknown == 0, $"{Ledger.Unknown} writes got no definite answer.");
        Nothing("Wrong answers", Ledger.Violations);
    }

    /// <summary>A repeat of an acknowledged write answers the same, and does nothing.</summary>
    public async Task RepeatAsync(IEnumerable<Acknowledgement> acknowledged)
    {
        var desk = CallerOf(server!);
        foreach (var item in acknowledged)
        {
            var again = await item.Write.SendAsync(desk);
            var identity = again.Status is 200 or 201 ? IdentityOf(item.Write.Kind, again) : null;
            Assert.True(
                again.Status == item.Status && (identity ?? item.Identity) == item.Identity,
                $"Answered {item.Status} {item.Identity} at first, then {again}");
        }
    }

    /// <summary>Once nothing is unfinished, accounts, lendings, copies and the client's ledger tell the same.</summary>
    public async Task AgreesAsync()
    {
        var since = TimeProvider.System.GetTimestamp();
        var storage = Storage.Read(data);
        while (storage.Disagreements().Any() && TimeProvider.System.GetElapsedTime(since) < Patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System, TestContext.Current.CancellationToken);
            storage = Storage.Read(data);
        }

        Nothing("Unfinished for good", storage.Disagreements());
        Nothing("Broken rules", storage.Violations());

        var lent = allReaders.SelectMany(reader => reader.Lendings).ToList();
        var open = lent.Where(lending => lending.ReturnedOn is null);
        var made = storage.Lendings.Where(row => !row.Value.IsVoid);
        Same("lendings", lent.Select(lending => lending.Number), made.Select(row => row.Key));
        Same("open lendings", open.Select(lending => lending.Number), storage.Active);
        var registered = Ledger.Acknowledged
            .Where(item => item.Write.Kind == Kind.Register)
            .Select(item => item.Identity!)
            .Concat(allReaders.Select(reader => reader.Number));
        Same("readers", registered, storage.Readers.Select(reader => reader.Number));
        Assert.Distinct(storage.Readers.Select(reader => reader.Username), StringComparer.OrdinalIgnoreCase);
        (string Prefix, IEnumerable<string> Numbers)[] sequences =
            [("lending", storage.Lendings.Keys), ("reader", storage.Readers.Select(reader => reader.Number))];
        foreach (var (prefix, numbers) in sequences)
        {
            foreach (var year in numbers.Select(number => number.Split('/')).GroupBy(parts => parts[0]))
            {
                var highest = year.Max(parts => int.Parse(parts[1], CultureInfo.InvariantCulture));
                Assert.InRange(highest, 1, storage.Sequences[$"{prefix}:{year.Key}"]);
            }
        }

        await ListsAgreeAsync();
    }

    private async Task ListsAgreeAsync()
    {
        var desk = Anyone.With(librarian);
        foreach (var reader in allReaders)
        {
            var query = new { readerNumber = reader.Number, returned = false };
            var expected = reader.Open.Select(lending => lending.Number).Order(StringComparer.Ordinal).ToList();
            var found = await Eventually.HoldsAsync(
                () => desk.PostAsync("/api/lendings/search", new { page = new { number = 1, limit = 100 }, query }),
                answer => Numbers(answer).SequenceEqual(expected, StringComparer.Ordinal),
                Patience);
            Assert.Equal(expected, Numbers(found));
        }

        static IEnumerable<string> Numbers(Answer answer) =>
            answer.Items.Select(lending => lending.Text("lendingNumber")!).Order(StringComparer.Ordinal);
    }

    private async Task WriteUntilAsync(Random choice, HttpClientOf callers, CancellationToken killed)
    {
        // Together they are quicker than the server; a pause now and then leaves it some air.
        while (!killed.IsCancellationRequested)
        {
            await (choice.Next(10) switch
            {
                < 7 when readers.TryDequeue(out var reader) => AtTheDeskAsync(reader, choice, callers),
                < 9 when texts.TryDequeue(out var text) => EditAsync(text, callers),
                _ => Ledger.SendAsync(Writes.Register(), callers, isRepeat: false),
            });
            await Task.Delay(Pause * choice.NextDouble(), TimeProvider.System, CancellationToken.None);
        }
    }

    // One to four writes at once for one reader, who is free again when all of them are answered.
    private async Task AtTheDeskAsync(ReaderFact reader, Random choice, HttpClientOf callers)
    {
        var writes = new Writes(librarian);
        var open = reader.Open;
        var count = choice.Next(1, 5);
        List<Write> step = choice.Next(4) < open.Count
            ? [.. open.Take(count).Select(lending => Return(writes, lending, choice))]
            : [.. Enumerable.Range(0, count).Select(_ => Lend(writes, reader, choice, open.Count + count > 3))];
        _ = Task.WhenAll(step.Select(write => write.Known)).ContinueWith(
            _ => readers.Enqueue(reader), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await Task.WhenAll(step.Select(write => Ledger.SendAsync(write, callers, isRepeat: false)));
    }

    private static Write Return(Writes writes, LendingFact lending, Random choice) =>
        choice.Next(2) == 0 ? Writes.ReturnByReader(lending) : writes.ReturnAtDesk(lending);

    private Write Lend(Writes writes, ReaderFact reader, Random choice, bool mayReachLimit)
    {
        var book = books[choice.Next(books.Count)];
        var barcode = choice.Next(2) == 0 ? book.Barcodes.ElementAtOrDefault(choice.Next(book.Barcodes.Length + 1)) : null;
        return writes.Lend(reader, book, barcode, mayReachLimit);
    }

    private async Task EditAsync(TextFact text, HttpClientOf callers)
    {
        var write = new Writes(librarian).Edit(text);
        _ = write.Known.ContinueWith(
            _ => texts.Enqueue(text), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await Ledger.SendAsync(write, callers, isRepeat: false);
    }

    private async Task RepeatUntilAsync(HttpClientOf callers, CancellationToken stop, bool untilKnown = false)
    {
        var running = new List<Task>();
        while (!stop.IsCancellationRequested && !(untilKnown && Ledger.Unknown == 0 && running.Count == 0))
        {
            for (var left = Ledger.Unknown; left > 0 && Ledger.TryTakeUnknown(out var write); left--)
            {
                if (TimeProvider.System.GetElapsedTime(write.SentAt) < RepeatAfter)
                {
                    Ledger.PutBack(write);
                }
                else
                {
                    running.Add(Ledger.SendAsync(write, callers, isRepeat: true));
                }
            }

            running.RemoveAll(task => task.IsCompleted);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }

        await Task.WhenAll(running);
    }

    private void Autopsy()
    {
        Nothing("Wrong answers", Ledger.Violations);
        var storage = Storage.ReadCopy(data);
        Nothing("Broken rules", storage.Violations());
        var (lendings, returns) = (storage.UnfinishedLendings.ToList(), storage.UnfinishedReturns.ToList());
        KillsInLending += lendings.Exists(number => !unfinishedBefore.Contains(number)) ? 1 : 0;
        KillsInReturn += returns.Exists(number => !unfinishedBefore.Contains($"return of {number}")) ? 1 : 0;
        unfinishedBefore.UnionWith(lendings);
        unfinishedBefore.UnionWith(returns.Select(number => $"return of {number}"));
    }

    private HttpClientOf CallerOf(ServerProcess of)
    {
        var (client, url) = (http, of.Url);
        return token => new Api(client, [url], token);
    }

    private static string IdentityOf(Kind kind, Answer answer) => kind switch
    {
        Kind.Register => answer.Json.Text("readerNumber")!,
        Kind.Edit => new Uri(answer.Request.Split(' ')[1]).AbsolutePath,
        _ => answer.Json.Text("lendingNumber")!,
    };

    private static void Same(string what, IEnumerable<string> acknowledged, IEnumerable<string> stored)
    {
        var (told, found) = (acknowledged.ToList(), stored.ToList());
        Assert.True(
            told.Count == found.Count && told.ToHashSet(StringComparer.Ordinal).SetEquals(found),
            $"Missing {what}: {string.Join(", ", told.Except(found))}. Unknown: {string.Join(", ", found.Except(told))}.");
    }

    private static void Nothing(string what, IEnumerable<string> found)
    {
        var all = found.ToList();
        Assert.True(all.Count == 0, $"{what} ({all.Count}):\n{string.Join('\n', all.Take(5))}");
    }
}
