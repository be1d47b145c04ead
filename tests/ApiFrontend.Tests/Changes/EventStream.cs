using System.Net.Http.Headers;
using System.Text.Json;
using Lms.ApiFrontend.Tests.Library;

namespace Lms.ApiFrontend.Tests.Changes;

/// <summary>A client of the feed: reads one event after the other, as a browser does.</summary>
internal sealed class EventStream : IDisposable
{
    private static readonly HttpClient s_http = new() { Timeout = Timeout.InfiniteTimeSpan };

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventStream(HttpResponseMessage response, Stream body) => (_response, _reader) = (response, new(body));

    public HttpResponseMessage Response => _response;

    public static async Task<EventStream> OpenAsync(TestGateway gateway, Client caller, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, $"/api/changes{query}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", caller.Token);
        var token = TestContext.Current.CancellationToken;
        var response = await s_http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
        return new(response, await response.Content.ReadAsStreamAsync(token));
    }

    /// <summary>The next piece: its fields, comments under an empty name; null at the end.</summary>
    public async Task<Dictionary<string, string>?> ReadAsync()
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await _reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TimeProvider.System) is { } line)
        {
            if (line.Length == 0)
            {
                return fields;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            fields[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return null;
    }

    /// <summary>Up to the piece that is looked for.</summary>
    public async Task<Dictionary<string, string>> FindAsync(Func<Dictionary<string, string>, bool> isIt)
    {
        var since = TimeProvider.System.GetTimestamp();
        var seen = new List<string>();
        while (await ReadAsync() is { } piece && TimeProvider.System.GetElapsedTime(since) < Patience)
        {
            seen.Add(string.Join(' ', piece));
            if (isIt(piece))
            {
                return piece;
            }
        }

        throw new InvalidOperationException($"Not among {string.Join('\n', seen)}");
    }

    public Task<Dictionary<string, string>> LiveAsync() =>
        FindAsync(piece => piece.GetValueOrDefault("data") == """{"live":true}""");

    public async Task<JsonElement> ChangeAsync(string entity, string id)
    {
        var piece = await FindAsync(piece => piece.GetValueOrDefault("event") == "change"
            && Json(piece).Text("entity") == entity && Json(piece).Text("id") == id);
        Assert.StartsWith($"{entity}/{Uri.EscapeDataString(id)}/", piece["id"], StringComparison.Ordinal);
        return Json(piece);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }

    private static TimeSpan Patience => TimeSpan.FromSeconds(30);

    private static JsonElement Json(Dictionary<string, string> piece) =>
        JsonSerializer.Deserialize<JsonElement>(piece["data"]);
}
