namespace Lms.Contract.Tests;

/// <summary>Bodies that nobody foresaw: every operation answers them, with no 500 and no stack trace.</summary>
public sealed class StrangeBodiesTests(LibraryFixture library)
{
    private static readonly (string Text, string MediaType)[] StrangeBodies =
    [
        ("", "application/json"), ("{", "application/json"), ("null", "application/json"), ("[]", "application/json"),
        ("17", "application/json"), ("\"text\"", "application/json"), ("{\"a\":", "application/json"),
        ("{\"page\":\"x\",\"query\":[]}", "application/json"),
        ("{\"page\":{\"number\":-1,\"limit\":0},\"query\":{}}", "application/json"),
        ("{\"page\":{\"number\":1e99,\"limit\":\"ten\"},\"query\":{\"year\":{},\"month\":[]}}", "application/json"),
        ("{\"query\":{\"title\":1,\"name\":true,\"startDate\":5,\"readerNumber\":{},\"returned\":\"maybe\"}}",
            "application/json"),
        ("{\"username\":1,\"password\":[],\"name\":{},\"role\":7,\"fullName\":[],\"bio\":{}}", "application/json"),
        ("{\"username\":\"a\\u0000@example.org\",\"password\":\"\\u0000\",\"name\":\"\\u0007\",\"role\":\"\\uD800\"}",
            "application/json"),
        ("{\"isbn\":17,\"readerNumber\":17,\"barcode\":{},\"lendingNumber\":[],\"authors\":\"x\",\"grade\":\"x\"}",
            "application/json"),
        ("{\"isbn\":\"\\u0000\\u0000345678\\u0000\\u0000\",\"readerNumber\":\"\\u0000/\\u0000\\u0000\\u0000\\u0000\"}",
        "application/json"),
        (new string('[', 5_000), "application/json"),
        ("{\"title\":\"" + new string('t', 200_000) + "\"}", "application/json"),
        ("name=%00&bio=%FF&title=%00&authors[]=x&authors[]=-1&birthDate=%00&gdpr=perhaps",
            "application/x-www-form-urlencoded"),
        ("%%%=&&&", "application/x-www-form-urlencoded"), ("--x--", "multipart/form-data; boundary=x"),
        ("not a part", "multipart/form-data; boundary=x"), ("x", "multipart/form-data"), ("<a/>", "application/xml"),
        ("text", "text/plain"), ("\u0000\u0001", "application/octet-stream"),
    ];

    public static TheoryData<string> EveryOperation => [.. Catalogue.All.Select(operation => operation.Name)];

    [Theory]
    [MemberData(nameof(EveryOperation))]
    public async Task No_body_breaks_the_library(string name)
    {
        var operation = Catalogue.Find(name);
        if (operation.Method == HttpMethod.Delete
            || (operation.Method == HttpMethod.Get && !name.EndsWith("/overdue", StringComparison.Ordinal)))
        {
            return;
        }

        var (caller, path) = await VictimAsync(operation);
        var isWords = operation.Template == ForbiddenWords.Path;
        foreach (var (text, mediaType) in StrangeBodies)
        {
            Expect.Sane(isWords ? await ForbiddenWords.BorrowAsync(library, _ => SendAsync()) : await SendAsync());

            async Task<Answer> SendAsync()
            {
                using var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(text));
                content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
                return await caller.SendAsync(operation.Method, path, content, ("If-Match", "\"0\""));
            }
        }
    }

    /// <summary>Something fresh to misuse, and who may misuse it.</summary>
    private async Task<(Api Caller, string Path)> VictimAsync(Operation operation)
    {
        var reader = await library.NewReaderAsync();
        var caller = operation.SomeRole == Role.Reader ? reader.Api : await library.CallerAsync(operation.SomeRole);
        string[] names = operation.Template.Split('/')[2] switch
        {
            "admin" => [(await library.NewUserAsync("READER")).Id],
            "authors" => [(await library.NewAuthorAsync()).Number],
            "books" => [operation.Method == HttpMethod.Put ? Any.Isbn13 : (await library.NewBookAsync()).Isbn],
            "readers" => reader.Number.Split('/'),
            "lendings" => (await library.LendAsync(reader)).Number.Split('/'),
            "genres" => [Uri.EscapeDataString(await library.NewGenreAsync())],
            "copies" => [await library.NewCopyAsync((await library.NewBookAsync()).Isbn)],
            _ => ["1"],
        };
        return (caller, operation.Path(names));
    }
}
