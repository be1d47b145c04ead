using System.Globalization;
using System.Text.Json;

namespace Lms.Chaos.Load;

/// <summary>Makes what a load works on: books and readers that nobody else touches.</summary>
internal static class Preparation
{
    private const int AtOnce = 8;

    public static async Task<Workload> PrepareAsync(LoadOptions options, Client client, CancellationToken cancellationToken)
    {
        client.Token = await TokenAsync(options, client, cancellationToken);

        // Runs on one library do not meet.
        var run = Guid.NewGuid().ToString("N")[..8];
        var first = await BookAsync(run, 0, new { name = $"Load {run}", bio = "Made by the load generator." }, client, cancellationToken);
        var author = AuthorOf(first.Body);
        var books = await ManyAsync(
            options.Books - 1,
            async number => (await BookAsync(run, number + 1, new { authorNumber = author }, client, cancellationToken)).Book,
            cancellationToken);
        var readers = await ManyAsync(
            options.Readers, number => ReaderAsync(run, number, client, cancellationToken), cancellationToken);
        return new(options, run, author.ToString(CultureInfo.InvariantCulture), [first.Book, .. books], readers);
    }

    private static async Task<string> TokenAsync(LoadOptions options, Client client, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SignInAsync(options.Username, options.Password, cancellationToken)
                ?? throw new LoadException($"{options.Username} cannot sign in at {options.Urls[0]}");
        }
        catch (HttpRequestException fault)
        {
            throw new LoadException($"{options.Urls[0]} does not answer: {fault.Message}");
        }
    }

    private static async Task<(BookUnderLoad Book, string Body)> BookAsync(
        string run, int number, object author, Client client, CancellationToken cancellationToken)
    {
        var isbn = NewIsbn();
        var title = $"Load {run} book {number}";
        var answer = await ExpectAsync(
            new("book", HttpMethod.Post, "/api/books/complete")
            {
                Body = new { isbn, title, genre = "Load", authors = new[] { author } },
                Key = Guid.NewGuid().ToString("N"),
            },
            client,
            cancellationToken);
        return (new(isbn, title, answer.Version ?? 0), answer.Body);
    }

    private static async Task<string> ReaderAsync(string run, int number, Client client, CancellationToken cancellationToken)
    {
        var answer = await ExpectAsync(
            new("reader", HttpMethod.Post, "/api/readers")
            {
                Body = new
                {
                    username = string.Create(CultureInfo.InvariantCulture, $"load-{run}-{number}@example.org"),
                    password = "Load!" + Guid.NewGuid().ToString("N"),
                    fullName = "Load Reader",
                    birthDate = "1990-01-01",
                    phoneNumber = "919191919",
                    gdpr = true,
                },
                Key = Guid.NewGuid().ToString("N"),
            },
            client,
            cancellationToken);
        using var body = JsonDocument.Parse(answer.Body);
        return body.RootElement.GetProperty("readerNumber").GetString()!;
    }

    private static async Task<Answer> ExpectAsync(Call call, Client client, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        var answer = await client.SendUntilKnownAsync(call, patience.Token);
        cancellationToken.ThrowIfCancellationRequested();
        return answer.IsSuccess
            ? answer
            : throw new LoadException($"cannot make a {call.Operation}: {answer.Kind} {answer.Detail}");
    }

    private static async Task<T[]> ManyAsync<T>(int count, Func<int, Task<T>> make, CancellationToken cancellationToken)
    {
        var made = new T[count];
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (number, _) => made[number] = await make(number));
        return made;
    }

    private static long AuthorOf(string book)
    {
        using var body = JsonDocument.Parse(book);
        var href = body.RootElement.GetProperty("_links").GetProperty("authors")[0].GetProperty("href").GetString()!;
        return long.Parse(href[(href.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture);
    }

    /// <summary>By chance: a library that is loaded twice has no place for the same books.</summary>
    internal static string NewIsbn()
    {
        var digits = "979" + Random.Shared.NextInt64(1_000_000_000).ToString("D9", CultureInfo.InvariantCulture);
        var sum = digits.Select((digit, place) => (digit - '0') * (place % 2 == 0 ? 1 : 3)).Sum();
        return digits + ((10 - (sum % 10)) % 10).ToString(CultureInfo.InvariantCulture);
    }
}
