using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Lms.Chaos.Cluster;

/// <summary>The demo library, seen from outside.</summary>
public static class DemoLibrary
{
    public const string Librarian = "maria@gmail.com";
    public const string LibrarianPassword = "Mariaroberta!123";

    private const int Books = 10;
    private const int Lendings = 46;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <summary>Waits until its librarian can sign in and lists show all of it.</summary>
    internal static async Task BecomesCompleteAsync(Gateway gateway, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = new(gateway.Url), Timeout = TimeSpan.FromSeconds(10) };
        for (var waited = Stopwatch.StartNew(); !await IsCompleteAsync(http, cancellationToken);)
        {
            if (waited.Elapsed > s_patience || !gateway.IsRunning)
            {
                throw new Servers.NotReadyException(gateway, "did not load the demo library");
            }

            await Task.Delay(250, cancellationToken);
        }
    }

    private static async Task<bool> IsCompleteAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            return await SignIn.TokenAsync(http, Librarian, LibrarianPassword, cancellationToken) is { } token
                && await CountAsync(http, "/api/books/search", token, cancellationToken) >= Books
                && await CountAsync(http, "/api/lendings/search", token, cancellationToken) >= Lendings;
        }
        catch (Exception fault) when (fault is HttpRequestException
            || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private static async Task<int> CountAsync(HttpClient http, string list, string token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, list)
        {
            Content = JsonContent.Create(new { page = new { number = 1, limit = 100 }, query = new { } }),
            Headers = { Authorization = new("Bearer", token) },
        };
        using var answer = await http.SendAsync(request, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            return 0;
        }

        using var body = await JsonDocument.ParseAsync(
            await answer.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
        return body.RootElement.GetProperty("items").GetArrayLength();
    }
}

/// <summary>Signing in, as clients do.</summary>
public static class SignIn
{
    /// <summary>The token; null when the library does not give one.</summary>
    public static async Task<string?> TokenAsync(
        HttpClient http, string username, string password, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync(
            new Uri("/api/public/login", UriKind.Relative), new { username, password }, cancellationToken);
        return answer.IsSuccessStatusCode && answer.Headers.TryGetValues("Authorization", out var tokens)
            ? tokens.First()
            : null;
    }
}
