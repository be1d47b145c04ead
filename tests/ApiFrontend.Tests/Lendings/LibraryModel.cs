using System.Globalization;
using Lms.ApiFrontend.Tests.Library;

namespace Lms.ApiFrontend.Tests.Lendings;

/// <summary>
/// A library in a few dictionaries, which is told every command that the real one is told, and compares the answers.
/// </summary>
internal sealed class LibraryModel(TestLibrary library, Client librarian, TestGateway gateway, int seed)
{
    private const int Limit = 3;

    private readonly Random _dice = new(seed);
    private readonly List<ModelBook> _books = [];
    private readonly List<ModelReader> _readers = [];
    private readonly List<ModelLending> _lendings = [];
    private readonly List<string> _withdrawn = [];

    private IEnumerable<ModelCopy> Copies => _books.SelectMany(book => book.Copies);

    public async Task SetUpAsync(int books, int readers)
    {
        for (var i = 0; i < books; i++)
        {
            _books.Add(new((await library.AddBookAsync()).Isbn));
        }

        for (var i = 0; i < readers; i++)
        {
            var reader = await library.AddReaderAsync();
            _readers.Add(new(reader.Number, gateway.Anyone.With(reader.Client.Token)) { Username = reader.Username });
        }
    }

    public Task StepAsync() => _dice.Next(100) switch
    {
        < 12 => AddCopyAsync(),
        < 45 => LendAsync(),
        < 60 => ReturnAsync(),
        < 75 => ReturnAtDeskAsync(),
        < 82 => WithdrawAsync(),
        < 91 => ChangeReaderAsync(),
        _ => ChangeBookAsync(),
    };

    /// <summary>Everything the real library shows and stores is as the model has it.</summary>
    public async Task CompareAsync()
    {
        foreach (var book in _books)
        {
            var answer = Expect.Status(200, await library.Librarian.GetAsync($"/api/books/{book.Isbn}"));
            Assert.Equal((book.Title, Tag(book.Version)), (answer.Json.Text("title"), answer.ETag));
            var copies = Expect.Status(200, await library.Librarian.GetAsync($"/api/books/{book.Isbn}/copies?limit=100"));
            Assert.Equal(
                book.Copies.Select(copy => (copy.Barcode, copy.Lending)).Order(),
                copies.Items.Select(copy => (copy.Text("barcode")!, copy.Text("lendingNumber"))).Order());
            Assert.All(book.Copies, copy => Assert.Empty(LendingChecks.Violations(library, copy.Barcode, copy.Lending)));
        }

        foreach (var reader in _readers)
        {
            var answer = Expect.Status(200, await library.Librarian.GetAsync($"/api/readers/{reader.Number}"));
            Assert.Equal(
                (reader.Name, reader.Username, Tag(reader.Version)),
                (answer.Json.Text("fullName"), answer.Json.Text("email"), answer.ETag));
            Assert.Empty(await LendingChecks.ViolationsAsync(
                library, reader.Number, [.. OpenOf(reader).Select(lending => lending.Number)]));
        }

        foreach (var lending in _lendings)
        {
            var answer = Expect.Status(200, await library.Librarian.GetAsync($"/api/lendings/{lending.Number}"));
            Assert.Equal(
                (!lending.IsReturned, Tag(lending.IsReturned ? 1 : 0)), (answer.Json.IsNull("returnedDate"), answer.ETag));
        }
    }

    private async Task AddCopyAsync()
    {
        var book = One(_books);
        var isKnown = Copies.Any() && _dice.Next(4) == 0;
        var barcode = isKnown ? One(Copies).Barcode : _withdrawn.Count > 0 && _dice.Next(4) == 0 ? One(_withdrawn) : Any.Barcode;

        var answer = await SendAsync(key => librarian.PostAsync($"/api/books/{book.Isbn}/copies", new { barcode }, key));

        Expect.Status(isKnown ? 409 : 201, answer);
        if (!isKnown)
        {
            _withdrawn.Remove(barcode);
            book.Copies.Add(new(barcode));
        }
    }

    private async Task LendAsync()
    {
        var (book, reader) = (One(_books), One(_readers));
        var wanted = book.Copies.Count > 0 && _dice.Next(3) == 0 ? One(book.Copies) : null;
        var candidates = wanted is null ? book.Copies : [wanted];
        var refusal = OpenOf(reader).Count() >= Limit ? "Reader has three books outstanding already"
            : candidates.Count > 0 && candidates.TrueForAll(copy => copy.Lending is not null) ? "No copy available"
            : null;
        var body = new { isbn = book.Isbn, readerNumber = reader.Number, barcode = wanted?.Barcode };

        var answer = await SendAsync(key => librarian.PostAsync("/api/lendings", body, key));

        if (refusal is not null)
        {
            Assert.Equal(refusal, Expect.Error(403, "Lending forbidden!", answer)[0].GetString());
            return;
        }

        var number = Expect.Status(201, answer).Json.Text("lendingNumber")!;
        Assert.DoesNotContain(_lendings, lending => lending.Number == number);
        _lendings.Add(new(number, reader));
        if (candidates.Count > 0)
        {
            var given = Assert.Single(await HeldByAsync(book, number));
            Assert.Contains(given, candidates);
            Assert.Null(given.Lending);
            given.Lending = number;
        }
    }

    private async Task ReturnAsync()
    {
        if (_lendings.Count == 0)
        {
            return;
        }

        var (lending, reader, version) = (One(_lendings), One(_readers), _dice.Next(2));
        var caller = _dice.Next(5) == 0 ? reader : lending.Reader;
        var expected = caller != lending.Reader ? 403
            : version != (lending.IsReturned ? 1 : 0) ? 409
            : lending.IsReturned ? 400
            : 200;

        var answer = await SendAsync(key => caller.Client.SendAsync(
            HttpMethod.Patch, $"/api/lendings/{lending.Number}", Body.Json(new { }), ("If-Match", Tag(version)), key));

        Expect.Status(expected, answer);
        if (expected == 200)
        {
            Return(lending);
        }
    }

    private async Task ReturnAtDeskAsync()
    {
        if (_lendings.Count == 0)
        {
            return;
        }

        var copy = Copies.Any() && _dice.Next(2) == 0 ? One(Copies) : null;
        var lending = copy is null ? One(_lendings) : _lendings.Find(candidate => candidate.Number == copy.Lending);
        var body = new { barcode = copy?.Barcode, lendingNumber = copy is null ? lending!.Number : null };

        var answer = await SendAsync(key => librarian.PostAsync("/api/returns", body, key));

        Expect.Status(lending is { IsReturned: false } ? 200 : 409, answer);
        if (lending is { IsReturned: false })
        {
            Assert.Equal(lending.Number, answer.Json.Text("lendingNumber"));
            Return(lending);
        }
    }

    private async Task WithdrawAsync()
    {
        if (!Copies.Any())
        {
            return;
        }

        var (copy, isGone) = (One(Copies), _withdrawn.Count > 0 && _dice.Next(4) == 0);
        var barcode = isGone ? One(_withdrawn) : copy.Barcode;

        var answer = await SendAsync(key => librarian.DeleteAsync($"/api/copies/{barcode}", key));

        Expect.Status(isGone ? 404 : copy.Lending is null ? 204 : 409, answer);
        if (answer.Status == 204)
        {
            _books.ForEach(book => book.Copies.Remove(copy));
            _withdrawn.Add(barcode);
        }
    }

    private async Task ChangeReaderAsync()
    {
        var (reader, isStale) = (One(_readers), _dice.Next(4) == 0);
        var (name, username) = ($"Maria {Any.Number}", _dice.Next(2) == 0 ? Any.Email : null);
        (string, string)[] fields = username is null ? [("fullName", name)] : [("fullName", name), ("username", username)];

        var answer = await SendAsync(key => reader.Client.SendAsync(
            HttpMethod.Patch, "/api/readers", Body.Form(fields), ("If-Match", Tag(reader.Version + (isStale ? 1 : 0))), key));

        Expect.Status(isStale ? 409 : 200, answer);
        if (!isStale)
        {
            (reader.Name, reader.Username) = (name, username ?? reader.Username);
            reader.Version++;
            Assert.Equal((name, Tag(reader.Version)), (answer.Json.Text("fullName"), answer.ETag));
        }
    }

    private async Task ChangeBookAsync()
    {
        var (book, isStale, title) = (One(_books), _dice.Next(4) == 0, $"Livro {Any.Number}");

        var answer = await SendAsync(key => librarian.SendAsync(
            HttpMethod.Patch,
            $"/api/books/{book.Isbn}",
            Body.Form(("title", title)),
            ("If-Match", Tag(book.Version + (isStale ? 1 : 0))),
            key));

        Expect.Status(isStale ? 409 : 200, answer);
        if (!isStale)
        {
            (book.Title, book.Version) = (title, book.Version + 1);
            Assert.Equal((title, Tag(book.Version)), (answer.Json.Text("title"), answer.ETag));
        }
    }

    private static async Task<Answer> SendAsync(Func<(string, string), Task<Answer>> send)
    {
        var key = ("Idempotency-Key", Any.Key);
        var answer = await Patience.UntilAnsweredAsync(() => send(key));
        var repeated = await Patience.UntilAnsweredAsync(() => send(key));
        Assert.Equal((answer.Status, Essence(answer)), (repeated.Status, Essence(repeated)));
        return answer;
    }

    // Problems carry the id of the request's trace, which is another one each time.
    private static string Essence(Answer answer) =>
        answer.ContentType == "application/problem+json" ? answer.Json.Text("code")! : answer.Text;

    private async Task<IEnumerable<ModelCopy>> HeldByAsync(ModelBook book, string lending)
    {
        var shown = await Task.WhenAll(book.Copies.Select(async copy =>
            (Copy: copy, Lending: (await library.Librarian.GetAsync($"/api/copies/{copy.Barcode}")).Json.Text("lendingNumber"))));
        return shown.Where(copy => copy.Lending == lending).Select(copy => copy.Copy);
    }

    private void Return(ModelLending lending)
    {
        lending.IsReturned = true;
        if (Copies.FirstOrDefault(copy => copy.Lending == lending.Number) is { } copy)
        {
            copy.Lending = null;
        }
    }

    private IEnumerable<ModelLending> OpenOf(ModelReader reader) =>
        _lendings.Where(lending => lending.Reader == reader && !lending.IsReturned);

    private T One<T>(IEnumerable<T> items)
    {
        var all = items.ToList();
        return all[_dice.Next(all.Count)];
    }

    private static string Tag(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    private sealed class ModelBook(string isbn)
    {
        public string Isbn => isbn;

        public string Title { get; set; } = "O Livro do Desassossego";

        public int Version { get; set; }

        public List<ModelCopy> Copies { get; } = [];
    }

    private sealed class ModelCopy(string barcode)
    {
        public string Barcode => barcode;

        public string? Lending { get; set; }
    }

    private sealed class ModelReader(string number, Client client)
    {
        public string Number => number;

        public Client Client => client;

        public string Name { get; set; } = "Maria Albertina";

        public required string Username { get; set; }

        public int Version { get; set; }
    }

    private sealed class ModelLending(string number, ModelReader reader)
    {
        public string Number => number;

        public ModelReader Reader => reader;

        public bool IsReturned { get; set; }
    }
}
