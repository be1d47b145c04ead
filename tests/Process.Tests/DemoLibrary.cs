using System.Text.Json;

namespace Lms.Process.Tests;

/// <summary>The demo library as its librarian sees it.</summary>
internal static class DemoLibrary
{
    public const string HobbitIsbn = "9789897776090";
    public const string Hobbit = $"/api/books/{HobbitIsbn}";

    public static async Task<Api> SignInAsync(HttpClient http, ServerProcess server)
    {
        var anyone = new Api(http, [server.Url]);
        return anyone.With(await Staff.SignInAsync(anyone, "maria@gmail.com", "Mariaroberta!123"));
    }

    /// <summary>Everything that lists show, by what it was asked for; addresses without the server's.</summary>
    /// <param name="desk">Its librarian.</param>
    /// <param name="mayBeEmpty">Lists that are not there yet answer that there is nothing.</param>
    public static async Task<IReadOnlyDictionary<string, string>> ContentsAsync(Api desk, bool mayBeEmpty = false)
    {
        var first = new { number = 1, limit = 100 };
        (string Name, Task<Answer> Answer)[] asked =
        [
            ("books", desk.PostAsync("/api/books/search", new { page = first, query = new { } })),
            ("authors", desk.GetAsync("/api/authors?name=")),
            ("genres", desk.GetAsync("/api/genres?limit=100")),
            ("readers", desk.GetAsync("/api/readers")),
            ("lendings", desk.PostAsync("/api/lendings/search", new { page = first, query = new { } })),
            ("overdue", desk.GetAsync("/api/lendings/overdue?number=1&limit=100")),
            ("average", desk.GetAsync("/api/lendings/avgDuration")),
            ("best books", desk.GetAsync("/api/books/top5")),
            ("best authors", desk.GetAsync("/api/authors/top5")),
            ("best readers", desk.GetAsync("/api/readers/top5")),
            ("best genres", desk.GetAsync("/api/genres/top5")),
            ("months", desk.GetAsync("/api/genres/lendingsPerMonthLastTwelveMonths")),
            ("search", desk.GetAsync("/api/books?title=hobbit&genre=infantil&authorName=lisa")),
            ("copies", desk.GetAsync($"{Hobbit}/copies")),
            ("reader search", desk.PostAsync("/api/readers/search", new { page = first, query = new { name = "a" } })),
        ];
        var contents = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, answer) in asked)
        {
            var body = mayBeEmpty ? await answer : Expect.Status(200, await answer);
            contents[name] = body.Text.Replace(new Uri(body.Request.Split(' ')[1]).Authority, "", StringComparison.Ordinal);
        }

        return contents;
    }

    public static void IsWhole(IReadOnlyDictionary<string, string> contents)
    {
        Assert.Equal(10, Count("books"));
        Assert.Equal(9, Count("authors"));
        Assert.Equal(5, Count("genres"));
        Assert.Equal(8, Count("readers"));
        Assert.Equal(46, Count("lendings"));

        int Count(string name)
        {
            using var document = JsonDocument.Parse(contents[name]);
            var root = document.RootElement;
            return (root.ValueKind == JsonValueKind.Array ? root : root.GetProperty("items")).GetArrayLength();
        }
    }
}
