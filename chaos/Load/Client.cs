using System.Net;
using System.Net.Http.Json;

namespace Lms.Chaos.Load;

/// <summary>Sends calls to gateways in turn.</summary>
internal sealed class Client(IReadOnlyList<Uri> urls) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),

        // Shorter than a gateway that ends leaves them open: docs/cluster.md.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2),
        UseCookies = false,
        UseProxy = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestVersion = HttpVersion.Version11,
    };

    private int _next;
    private int _retried;

    public string Token { get; set; } = "";

    /// <summary>Requests that the first gateway refused to connect for.</summary>
    public int Retried => _retried;

    /// <summary>The answer, and who gave it.</summary>
    public async Task<(Answer Answer, Uri Url)> SendAsync(Call call, CancellationToken cancellationToken)
    {
        var number = (uint)Interlocked.Increment(ref _next);
        var url = urls[(int)(number % urls.Count)];
        var answer = await SendAsync(call, url, cancellationToken);
        if (answer.Fault != Answer.Refused || urls.Count == 1)
        {
            return (answer, url);
        }

        // Nobody has seen the request: a load balancer would have asked the next one, too.
        Interlocked.Increment(ref _retried);
        url = urls[(int)((number + 1) % urls.Count)];
        return (await SendAsync(call, url, cancellationToken), url);
    }

    /// <summary>Until there is an answer that is not a failure, for as long as the caller has patience.</summary>
    public async Task<Answer> SendUntilKnownAsync(Call call, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            attempt.CancelAfter(TimeSpan.FromSeconds(10));
            var (answer, _) = await SendAsync(call, attempt.Token);
            if (!answer.IsUnknown || cancellationToken.IsCancellationRequested)
            {
                return answer;
            }

            await Task.Delay(250, CancellationToken.None);
        }
    }

    /// <summary>The token that the first gateway gives which can be reached; null when it gives none.</summary>
    public async Task<string?> SignInAsync(string username, string password, CancellationToken cancellationToken)
    {
        foreach (var (number, url) in urls.Index())
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, "/api/public/login"))
                {
                    Content = JsonContent.Create(new { username, password }),
                };
                using var answer = await _http.SendAsync(request, cancellationToken);
                return answer.IsSuccessStatusCode && answer.Headers.TryGetValues("Authorization", out var tokens)
                    ? tokens.First()
                    : null;
            }
            catch (HttpRequestException) when (number < urls.Count - 1)
            {
                // The next one.
            }
        }

        return null;
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer> SendAsync(Call call, Uri url, CancellationToken cancellationToken)
    {
        try
        {
            using var request = call.Request(url, Token);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return await Answer.OfAsync(response, cancellationToken);
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or IOException)
        {
            return Answer.Of(fault);
        }
    }
}
