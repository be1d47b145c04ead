using System.Collections.Concurrent;
using System.Text.Json;

namespace Lms.Chaos.Load;

/// <summary>When a load is over: is what was acknowledged there?</summary>
internal sealed class ReadBack(LoadOptions options, Workload workload, Client client)
{
    private const int AtOnce = 8;

    private readonly ConcurrentQueue<string> _lost = new();
    private readonly ConcurrentQueue<string> _unread = new();

    public async Task<WriteResult> RunAsync()
    {
        using var patience = new CancellationTokenSource(options.ReadBackPatience);

        // A client that does not know asks again, with the same key.
        await ForEachAsync(
            workload.TakeUnknown(),
            async call => call.Settle(await client.SendUntilKnownAsync(call, patience.Token)));
        await ForEachAsync(workload.Books, book => CheckAsync(
            $"book {book.Isbn}", $"/api/books/{book.Isbn}", answer => Difference(book, answer), patience.Token));
        await ForEachAsync(workload.Lendings, lending => CheckAsync(
            $"lending {lending.Number}", $"/api/lendings/{lending.Number}", answer => Difference(lending, answer), patience.Token));
        return new()
        {
            Acknowledged = workload.Acknowledged,
            Unknown = workload.TakeUnknown().Count,
            Lost = [.. workload.Wrong, .. _lost],
            Unread = [.. _unread],
            StaleReads = workload.StaleReads,
        };
    }

    private async Task CheckAsync(
        string what, string path, Func<Answer, string?> difference, CancellationToken patience)
    {
        while (true)
        {
            var answer = await client.SendUntilKnownAsync(new("read back", HttpMethod.Get, path), patience);
            var found = answer.IsUnknown || answer.IsDegraded ? answer.Kind : difference(answer);
            if (found is null)
            {
                return;
            }

            // What is degraded, or accepted and not yet recorded, may still come. What is plainly wrong is as well asked again:
            // it does not become right.
            if (patience.IsCancellationRequested)
            {
                (answer.IsUnknown || answer.IsDegraded ? _unread : _lost).Enqueue($"{what}: {found}");
                return;
            }

            await Task.Delay(500, CancellationToken.None);
        }
    }

    private static string? Difference(BookUnderLoad book, Answer answer)
    {
        if (!answer.IsSuccess)
        {
            return $"version {book.Version} was acknowledged, and now {answer.Kind}";
        }

        if (answer.Version < book.Version)
        {
            return $"version {book.Version} was acknowledged, and it has version {answer.Version}";
        }

        using var body = JsonDocument.Parse(answer.Body);
        var title = body.RootElement.GetProperty("title").GetString();
        return book.IsSpoiled || title == book.Title || (title == book.Unknown && answer.Version > book.Version)
            ? null
            : $"\"{book.Title}\" was acknowledged as version {book.Version}, and it is \"{title}\" in version {answer.Version}";
    }

    private static string? Difference(LendingUnderLoad lending, Answer answer)
    {
        if (!answer.IsSuccess)
        {
            return $"was acknowledged, and now {answer.Kind}";
        }

        using var body = JsonDocument.Parse(answer.Body);
        var links = body.RootElement.GetProperty("_links");
        var isReturned = body.RootElement.GetProperty("returnedDate").ValueKind != JsonValueKind.Null;
        return !Link("book").EndsWith("/" + lending.Isbn, StringComparison.Ordinal) ? $"of {lending.Isbn} is now of {Link("book")}"
            : !Link("reader").EndsWith("/" + lending.Reader, StringComparison.Ordinal) ? $"of {lending.Reader} is now of {Link("reader")}"
            : lending.IsReturned && !isReturned ? "its return was acknowledged, and it is open"
            : isReturned && !lending.IsReturned && !lending.MayBeReturned ? "is returned, and nobody returned it"
            : null;

        string Link(string name) => links.GetProperty(name).GetProperty("href").GetString()!;
    }

    private static Task ForEachAsync<T>(IEnumerable<T> items, Func<T, Task> check) => Parallel.ForEachAsync(
        items, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (item, _) => await check(item));
}
