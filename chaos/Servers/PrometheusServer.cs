using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Lms.Chaos.Servers;

/// <summary>Prometheus on the loopback, which asks processes of a cluster how they are and computes rules.</summary>
internal sealed class PrometheusServer : ClusterProcess
{
    private static readonly HttpClient s_http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly string _folder;
    private readonly int _port;
    private readonly Uri _url;

    /// <param name="folder">For its files.</param>
    /// <param name="targets">The internal ports that it asks, each with the label <c>app_kubernetes_io_component</c> that a pod would have.</param>
    /// <param name="rules">What it computes.</param>
    public PrometheusServer(string folder, IEnumerable<(Uri Target, string Component)> targets, string rules)
        : base("prometheus", "prometheus", Path.Combine(folder, "prometheus.log"))
    {
        (_folder, _port) = (folder, Servers.Ports.Free());
        _url = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"));
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "rules.yaml"), rules);
        File.WriteAllText(
            Path.Combine(folder, "prometheus.yaml"),
            $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
            rule_files: [rules.yaml]
            scrape_configs:
              - job_name: lms
                static_configs:
            {{string.Join('\n', targets.Select(target => $"      - {{ targets: [\"{target.Target.Authority}\"], labels: {{ app_kubernetes_io_component: {target.Component} }} }}"))}}
            """);
    }

    public override IReadOnlyDictionary<string, int> Ports => new Dictionary<string, int> { ["prometheus"] = _port };

    public override async Task<bool> IsReadyAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            using var answer = await s_http.GetAsync(new Uri(_url, "/-/ready"), cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception exception) when (
            exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>The names of the alerts that it raises now.</summary>
    public async Task<IReadOnlySet<string>> FiringAsync(CancellationToken cancellationToken)
    {
        var answer = await s_http.GetFromJsonAsync<JsonElement>(new Uri(_url, "/api/v1/alerts"), cancellationToken);
        return answer.GetProperty("data").GetProperty("alerts").EnumerateArray()
            .Where(alert => alert.GetProperty("state").GetString() == "firing")
            .Select(alert => alert.GetProperty("labels").GetProperty("alertname").GetString()!)
            .ToHashSet(StringComparer.Ordinal);
    }

    protected override Task<ChildProcess> StartChildAsync(CancellationToken cancellationToken) => ChildProcess.StartAsync(
        ServerPrograms.Prometheus(),
        [
            $"--config.file={Path.Combine(_folder, "prometheus.yaml")}",
            $"--storage.tsdb.path={Path.Combine(_folder, "data")}",
            $"--web.listen-address=127.0.0.1:{_port}",
        ],
        Log);
}
