using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lms.Chaos.Cluster;
using Lms.Chaos.Servers;
using Lms.Cluster.Tests.Degraded;
using Lms.Tests.Shared;
using StackExchange.Redis;

namespace Lms.Cluster.Tests;

/// <summary>What the processes of a cluster tell of what they do, and of whom they never tell anything.</summary>
public sealed partial class TelemetryTests(ToldCluster fixture) : IClassFixture<ToldCluster>, IAsyncLifetime
{
    /// <summary>That of every e-mail address in these tests.</summary>
    private const string Domain = "@example.org";

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(15) };

    private LocalCluster Cluster => fixture.Cluster;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await fixture.MendAsync();

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_trace_goes_from_the_client_over_the_gateway_to_the_grain_and_its_storage()
    {
        var scene = await SceneAsync();
        var trace = NewTrace();

        await SendAsync(HttpMethod.Patch, $"/api/books/{scene.IsbnToChange}", trace, scene.Librarian.Token, new { title = Any.Title });

        await Poll.UntilAsync(
            () => Task.FromResult(fixture.Collector.HasSpans(trace, "lms-gateway", "PATCH /api/books/{isbn}", "books write")
                && fixture.Collector.HasSpans(trace, "lms-silo", "IBookGrain/ChangeAsync")
                && fixture.Collector.HasSpans(trace, "lms-silo", "UPDATE OrleansStorage")),
            "both processes have told the spans of the request",
            TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Lines_of_the_logs_say_which_request_they_belong_to()
    {
        var scene = await SceneAsync();
        var (refused, failed) = (NewTrace(), NewTrace());

        await SendAsync(HttpMethod.Post, "/api/public/login", refused, token: null, new { username = Any.Email, password = "Aa1-wrong" });
        await Cluster.Postgres.StopImmediatelyAsync();
        await SendAsync(HttpMethod.Patch, $"/api/books/{scene.IsbnToChange}", failed, scene.Librarian.Token, new { title = Any.Title });

        Assert.Contains(Lines(Cluster.Gateways), line => line.Contains(refused, StringComparison.Ordinal));
        Assert.Contains(Lines(Cluster.Silos), line => line.Contains(failed, StringComparison.Ordinal));
        Assert.All(Lines(Cluster.Silos).Where(line => line.StartsWith('{')), line => JsonDocument.Parse(line).Dispose());
    }

    [Fact]
    public async Task Metrics_are_told_at_the_internal_port_only_and_name_nobody()
    {
        var scene = await SceneAsync();
        await SendAsync(HttpMethod.Patch, $"/api/books/{scene.IsbnToChange}", NewTrace(), scene.Librarian.Token, new { title = Any.Title });

        var (gateway, silo) = (await MetricsAsync(Cluster.Gateways[0].InternalUrl), await MetricsAsync(Cluster.Silos[0].InternalUrl));

        string[] ofGateways =
        [
            "lms_gateway_requests_total", "lms_gateway_request_duration_seconds_bucket", "lms_gateway_calls_total", "lms_gateway_retries_total",
            "lms_gateway_hedges_total", "lms_gateway_rejections_total", "lms_gateway_fallbacks_total", "lms_gateway_breaker_state",
            "lms_gateway_shed_total", "lms_gateway_limit", "dotnet_gc_collections_total",
        ];
        Assert.All(ofGateways, name => Assert.Contains('\n' + name, gateway, StringComparison.Ordinal));
        string[] ofSilos = ["lms_membership_lost_total", "lms_projection_failed_total", "orleans_", "db_client_", "dotnet_gc_collections_total"];
        Assert.All(ofSilos, name => Assert.Contains('\n' + name, silo, StringComparison.Ordinal));
        string[] personal = [Domain, scene.ReaderNumber, scene.IsbnToChange, scene.Title];
        Assert.All(personal, secret => Assert.DoesNotContain(secret, gateway + silo, StringComparison.Ordinal));
        using var refused = await _http.GetAsync(new Uri(Cluster.Urls[0], "/metrics"), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }

    // What Prometheus itself and the operator's labels add is not ours to tell.
    [Fact]
    public async Task Rules_and_dashboards_name_no_metric_that_is_not_told()
    {
        var scene = await SceneAsync();
        await AskEverythingAsync(scene);
        var told = MetricName().Matches(await MetricsAsync(Cluster.Gateways[0].InternalUrl) + await MetricsAsync(Cluster.Silos[0].InternalUrl))
            .Select(match => match.Value).ToHashSet(StringComparer.Ordinal);

        var files = Path.Combine(Repository.Root, "helm", "lms", "files");
        var asked = Directory.GetFiles(files, "*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith("rules.yaml", StringComparison.Ordinal) || file.EndsWith(".json", StringComparison.Ordinal))
            .SelectMany(file => AskedName().Matches(File.ReadAllText(file)).Select(match => match.Value))
            .Distinct(StringComparer.Ordinal).ToList();

        Assert.True(asked.Count > 15);
        Assert.All(asked, name => Assert.Contains(name, told));
    }

    // Everything that can be asked, on a good day and without a database.
    [Fact]
    public async Task Nothing_about_people_is_in_logs_traces_or_the_Redis_that_gateways_share()
    {
        var scene = await SceneAsync();
        await AskEverythingAsync(scene);
        await Cluster.Postgres.StopImmediatelyAsync();
        await AskEverythingAsync(scene);
        await Cluster.Postgres.StartAsync(Cancellation);

        string[] personal = [Domain, Any.Password, scene.ReaderNumber];
        var shared = await SharedAsync();
        Assert.Contains(shared, text => text.Contains(scene.Title, StringComparison.Ordinal));
        Assert.All(personal, secret => Assert.DoesNotContain(shared, text => text.Contains(secret, StringComparison.Ordinal)));

        // Who a reader is tells only the library itself: a number may stand in a log.
        var lines = Lines(Cluster.Silos).Concat(Lines(Cluster.Gateways)).ToList();
        Assert.NotEmpty(lines);
        var telling = lines.Where(line => personal[..2].Any(secret => line.Contains(secret, StringComparison.Ordinal))).ToList();
        Assert.True(telling.Count == 0, string.Join('\n', telling.Take(3)));
        Assert.True(fixture.Collector.Count > 0);
        Assert.All(personal[..2], secret => Assert.False(fixture.Collector.Has(secret)));
    }

    [GeneratedRegex("^[a-z]+_[a-z0-9_]+", RegexOptions.Multiline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex MetricName();

    [GeneratedRegex("(?<![a-zA-Z_:.])(?:lms|dotnet|orleans|db|http)_[a-z0-9_]+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex AskedName();

    [GeneratedRegex("(?<=\":\")[A-Za-z0-9+/]{16,}={0,2}(?=\")", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Wrapped();

    private Task<Scene> SceneAsync() => Scene.PrepareAsync(_http, Cluster.Urls[0], ClusterSecrets.AdminUsername, Cluster.AdminPassword);

    private static Task AskEverythingAsync(Scene scene) => Parallel.ForEachAsync(
        Operations.All.Values,
        new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation },
        async (operation, _) => await operation(scene));

    private async Task SendAsync(HttpMethod method, string path, string trace, string? token, object body)
    {
        using var request = new HttpRequestMessage(method, new Uri(Cluster.Urls[0], path))
        {
            Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
            Headers = { { "traceparent", $"00-{trace}-00f067aa0ba902b7-01" } },
        };
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        request.Headers.TryAddWithoutValidation("If-Match", "\"0\"");
        using var answer = await _http.SendAsync(request, Cancellation);
    }

    private Task<string> MetricsAsync(string url) => _http.GetStringAsync(new Uri(url + "/metrics"), Cancellation);

    private static string NewTrace() => Guid.NewGuid().ToString("N");

    private static IEnumerable<string> Lines(IEnumerable<ClusterProcess> processes) =>
        processes.SelectMany(process => File.ReadAllLines(process.Log));

    /// <summary>All that the Redis of the caches has, keys and values.</summary>
    private async Task<IReadOnlyList<string>> SharedAsync()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(Cluster.Cache!.ConnectionString);
        var texts = new List<string>();
        await foreach (var key in redis.GetServers()[0].KeysAsync().WithCancellation(Cancellation))
        {
            texts.Add(key.ToString());
            var value = await redis.GetDatabase().KeyTypeAsync(key) switch
            {
                RedisType.Hash => (await redis.GetDatabase().HashGetAllAsync(key)).Select(entry => entry.Value),
                RedisType.String => [await redis.GetDatabase().StringGetAsync(key)],
                var type => throw new InvalidOperationException($"Nobody has thought of a {type} in the cache."),
            };
            texts.AddRange(value.Select(part => Encoding.UTF8.GetString((byte[])part!)));
        }

        // What is kept is wrapped in JSON.
        texts.AddRange(texts.SelectMany(text => Wrapped().Matches(text)).Select(text => Encoding.UTF8.GetString(Convert.FromBase64String(text.Value))).ToList());

        return texts;
    }
}

/// <summary>A cluster that tells everything: logs for machines, and spans to a collector.</summary>
public sealed class ToldCluster : FaultCluster
{
    internal Collector Collector { get; } = new();

    internal override ClusterOptions Options => base.Options with
    {
        Silos = 2,
        Gateways = 1,
        Demo = false,
        Environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Logging__Console__FormatterName"] = "json",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Collector.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "500",
        },
    };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Collector.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Takes what OpenTelemetry sends, as it is: what is in it can be found by its text.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<byte[]> _received = new();
    private readonly Task _listening;

    public Collector()
    {
        Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}");
        _listener.Prefixes.Add($"{Url}/");
        _listener.Start();
        _listening = ListenAsync();
    }

    public string Url { get; }

    public int Count => _received.Count;

    /// <summary>True when any message has the text.</summary>
    public bool Has(string text) => _received.Any(message => Has(message, Encoding.UTF8.GetBytes(text)));

    /// <summary>True when spans of the trace came from the service with each of the texts; spans of one trace may come in several messages.</summary>
    public bool HasSpans(string trace, string service, params string[] texts) => texts.All(text => _received.Any(message =>
        Has(message, Convert.FromHexString(trace)) && Has(message, Encoding.UTF8.GetBytes(service)) && Has(message, Encoding.UTF8.GetBytes(text))));

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _listening;
    }

    private static bool Has(byte[] message, byte[] part) => message.AsSpan().IndexOf(part) >= 0;

    private async Task ListenAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var call = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await call.Request.InputStream.CopyToAsync(body);
                _received.Enqueue(body.ToArray());
                call.Response.ContentType = "application/x-protobuf";
                call.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                // It is closed, or a process was killed while it told something.
            }
        }
    }
}
