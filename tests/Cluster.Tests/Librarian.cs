using System.Net;
using Lms.Chaos.Cluster;

namespace Lms.Cluster.Tests;

/// <summary>Somebody at the desk, who asks one gateway.</summary>
internal sealed class Librarian : IDisposable
{
    private readonly HttpClient _http;

    private Librarian(HttpClient http) => _http = http;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Librarian> SignInAsync(Uri gateway)
    {
        var http = new HttpClient { BaseAddress = gateway };
        http.DefaultRequestHeaders.Authorization = new(
            "Bearer", await SignIn.TokenAsync(http, DemoLibrary.Librarian, DemoLibrary.LibrarianPassword, Cancellation));
        return new(http);
    }

    /// <summary>Writes a new genre.</summary>
    public async Task<HttpStatusCode> WriteAsync(string? name = null)
    {
        using var content = new StringContent($$"""{"name":"{{name ?? Guid.NewGuid().ToString("N")}}"}""", null, "application/json");
        using var answer = await _http.PostAsync(new Uri("/api/genres", UriKind.Relative), content, Cancellation);
        return answer.StatusCode;
    }

    /// <summary>What a list of genres lacks; empty when nothing, null when there is no list.</summary>
    public async Task<string?> DegradationOfListAsync()
    {
        using var answer = await _http.GetAsync(new Uri("/api/genres", UriKind.Relative), Cancellation);
        return !answer.IsSuccessStatusCode ? null
            : answer.Headers.TryGetValues("Lms-Degraded", out var reasons) ? string.Join(", ", reasons) : "";
    }

    /// <summary>The lines of the feed of changes, as they come.</summary>
    public async IAsyncEnumerable<string> ChangesAsync()
    {
        using var reader = new StreamReader(await _http.GetStreamAsync(new Uri("/api/changes", UriKind.Relative), Cancellation));
        while (await reader.ReadLineAsync(Cancellation) is { } line)
        {
            yield return line;
        }
    }

    public void Dispose() => _http.Dispose();
}
