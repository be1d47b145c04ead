using System.Globalization;

namespace Lms.Process.Tests.Kills;

/// <summary>The four kinds of writes, each with what its answer may be and means afterwards.</summary>
internal sealed class Writes(string librarian)
{
    private const int MaxOpen = 3;

    /// <param name="reader">Who borrows.</param>
    /// <param name="book">What.</param>
    /// <param name="barcode">Which copy; any, when null.</param>
    /// <param name="mayReachLimit">The reader may already have as many as allowed.</param>
    public static Write Lend(ReaderFact reader, BookFact book, string? barcode, bool mayReachLimit, string librarian)
    {
        var key = Any.Key;
        Write write = null!;
        write = new Write(
            Kind.Lend,
            callers => callers(librarian).PostAsync(
                "/api/lendings", new { isbn = book.Isbn, readerNumber = reader.Number, barcode }, ("Idempotency-Key", key)),
            answer =>
            {
                if (answer.Status == 403)
                {
                    var code = answer.Header("Lms-Code");
                    Assert.True(
                        (code == "no-copy-available" && book.Barcodes.Length > 0)
                            || (code == "lending-limit" && mayReachLimit),
                        $"Refused without reason: {answer}");
                    return new(write, answer.Status, Identity: null, _ => Task.FromResult<string?>(null));
                }

                var view = Expect.Status(201, answer).Json;
                var lending = new LendingFact(
                    reader, view.Text("lendingNumber")!, view.Text("startDate")!, view.Text("limitDate")!, barcode);
                reader.Add(lending);
                Assert.True(reader.Open.Count <= MaxOpen, $"Reader {reader.Number} has more than three books: {answer}");
                return new(write, answer.Status, lending.Number, api => CheckAsync(api, lending));
            },
            () => { });
        return write;
    }

    public Write Lend(ReaderFact reader, BookFact book, string? barcode, bool mayReachLimit) =>
        Lend(reader, book, barcode, mayReachLimit, librarian);

    /// <summary>The reader gives the book back.</summary>
    public static Write ReturnByReader(LendingFact lending) => Return(lending, (callers, key) =>
        callers(lending.Reader.Token).SendAsync(
            HttpMethod.Patch,
            lending.Path,
            Body.Json(new { commentary = "Lido." }),
            ("If-Match", "\"0\""),
            ("Idempotency-Key", key)));

    /// <summary>A librarian takes the book back: by its barcode where that is known.</summary>
    public Write ReturnAtDesk(LendingFact lending) => Return(lending, (callers, key) =>
        callers(librarian).PostAsync(
            "/api/returns",
            new { barcode = lending.Barcode, lendingNumber = lending.Barcode is null ? lending.Number : null },
            ("Idempotency-Key", key)));

    public static Write Register()
    {
        var (key, username, fullName) = (Any.Key, Any.Email, Any.PersonName);
        Write write = null!;
        write = new Write(
            Kind.Register,
            callers => callers(null).PostAsync(
                "/api/readers",
                Body.Form(Any.Reader(("username", username), ("fullName", fullName), ("phoneNumber", "912345678"))),
                ("Idempotency-Key", key)),
            answer =>
            {
                var view = Expect.Status(201, answer).Json;
                var reader = new ReaderFact(view.Text("readerNumber")!, username, fullName);
                return new(write, answer.Status, reader.Number, api => CheckAsync(api, reader));
            },
            () => { });
        return write;
    }

    public Write Edit(TextFact fact)
    {
        var (key, text, before) = (Any.Key, $"Texto {Any.Word}.", fact.Version);
        Write write = null!;
        write = new Write(
            Kind.Edit,
            callers => callers(librarian).SendAsync(
                HttpMethod.Patch,
                fact.Path,
                Body.Form((fact.Name, text)),
                ("If-Match", Quoted(before)),
                ("Idempotency-Key", key)),
            answer =>
            {
                var view = Expect.Status(200, answer).Json;
                Assert.Equal(text, view.Text(fact.Name));
                Assert.Equal(Quoted(before + 1), answer.ETag);
                (fact.Text, fact.Version, fact.IsInDoubt) = (text, before + 1, false);
                return new(write, answer.Status, fact.Path, api => CheckAsync(api, fact, before + 1));
            },
            () => fact.IsInDoubt = true);
        return write;
    }

    private static Write Return(LendingFact lending, Func<HttpClientOf, string, Task<Answer>> send)
    {
        var key = Any.Key;
        Write write = null!;
        write = new Write(
            Kind.Return,
            callers => send(callers, key),
            answer =>
            {
                var view = Expect.Status(200, answer).Json;
                Assert.Equal(lending.Number, view.Text("lendingNumber"));
                Assert.Equal("\"1\"", answer.ETag);
                lending.ReturnedOn = view.Text("returnedDate") ?? throw new InvalidOperationException($"Still out: {answer}");
                lending.IsInDoubt = false;
                return new(write, answer.Status, lending.Number, api => CheckAsync(api, lending));
            },
            () => lending.IsInDoubt = true);
        return write;
    }

    private static async Task<string?> CheckAsync(Api api, LendingFact lending)
    {
        var answer = await api.GetAsync(lending.Path);
        return answer.Status == 200
            && answer.Json is var view
            && view.Text("lendingNumber") == lending.Number
            && view.GetProperty("_links").GetProperty("reader").Text("href")!
                .EndsWith($"/readers/{lending.Reader.Number}", StringComparison.Ordinal)
            && view.Text("startDate") == lending.StartedOn
            && view.Text("limitDate") == lending.DueOn
            && (lending.IsInDoubt || view.Text("returnedDate") == lending.ReturnedOn)
            ? null
            : $"Acknowledged: {lending}, reader {lending.Reader.Number}. Found: {answer}";
    }

    private static async Task<string?> CheckAsync(Api api, ReaderFact reader)
    {
        var answer = await api.GetAsync($"/api/readers/{reader.Number}");
        return answer.Status == 200
            && answer.Json is var view
            && view.Text("readerNumber") == reader.Number
            && view.Text("email") == reader.Username
            && view.Text("fullName") == reader.FullName
            ? null
            : $"Acknowledged: reader {reader.Number}, {reader.Username}, {reader.FullName}. Found: {answer}";
    }

    private static async Task<string?> CheckAsync(Api api, TextFact fact, int atLeast)
    {
        var answer = await api.GetAsync(fact.Path);
        return answer.Status == 200
            && Version(answer.ETag) >= atLeast
            && (fact.IsInDoubt || (answer.Json.Text(fact.Name) == fact.Text && answer.ETag == Quoted(fact.Version)))
            ? null
            : $"Acknowledged: {fact.Path}, version {fact.Version}, '{fact.Text}'. Found: {answer}";
    }

    private static string Quoted(int version) => $"\"{version.ToString(CultureInfo.InvariantCulture)}\"";

    private static int Version(string etag) => int.Parse(etag.Trim('"'), CultureInfo.InvariantCulture);
}
