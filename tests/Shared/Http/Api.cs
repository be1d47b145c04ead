using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace Lms.Tests.Shared;

/// <summary>One caller of the library's REST interface: every request carries its token, if it has one.</summary>
public sealed class Api
{
    private static readonly TimeSpan CacheOfAnotherGateway = TimeSpan.FromMilliseconds(250);

    private static readonly ConcurrentDictionary<string, long> s_writtenAt = new(StringComparer.Ordinal);

    private readonly HttpClient http;
    private readonly IReadOnlyList<Uri> gateways;
    private readonly string? token;
    private int next;

    public Api(HttpClient http, IReadOnlyList<Uri> gateways, string? token = null)
    {
        this.http = http;
        this.gateways = gateways;
        this.token = token;
    }

    public string Token => token ?? throw new InvalidOperationException("An anonymous caller has no token.");

    public Api With(string? otherToken) => new(http, gateways, otherToken);

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Answer> HeadAsync(string path) => SendAsync(HttpMethod.Head, path);

    public Task<Answer> PostAsync(string path, object? json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, Body.Json(json), headers);

    public Task<Answer> PostAsync(string path, HttpContent content, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, content, headers);

    public Task<Answer> PutAsync(string path, object? json) => SendAsync(HttpMethod.Put, path, Body.Json(json));

    public Task<Answer> PutAsync(string path, HttpContent content, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Put, path, content, headers);

    public Task<Answer> PatchAsync(string path, object? json, string etag) =>
        SendAsync(HttpMethod.Patch, path, Body.Json(json), ("If-Match", etag));

    public Task<Answer> PatchAsync(string path, HttpContent content, string etag) =>
        SendAsync(HttpMethod.Patch, path, content, ("If-Match", etag));

    public Task<Answer> DeleteAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Delete, path, null, headers);

    public async Task<Answer> SendAsync(
        HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        var isRead = method == HttpMethod.Get || method == HttpMethod.Head;
        if (gateways.Count > 1 && isRead)
        {
            await CachesForgetAsync();
        }

        var gateway = gateways[(int)((uint)Interlocked.Increment(ref next) % (uint)gateways.Count)];
        using var request = new HttpRequestMessage(method, new Uri(gateway, path)) { Content = content };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await Answer.FromAsync(response);
        if (gateways.Count > 1 && !isRead)
        {
            s_writtenAt[TestContext.Current.Test?.UniqueID ?? ""] = TimeProvider.System.GetTimestamp();
        }

        return answer;
    }

    // Of what the test wrote through one gateway, another may show what was before, for so long.
    private static async Task CachesForgetAsync()
    {
        if (s_writtenAt.TryGetValue(TestContext.Current.Test?.UniqueID ?? "", out var writtenAt)
            && CacheOfAnotherGateway - TimeProvider.System.GetElapsedTime(writtenAt) is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
