using System.Diagnostics;
using System.Globalization;
using System.Net;
using Lms.Chaos.Servers;

namespace Lms.Chaos.Cluster;

/// <summary>A silo or a gateway.</summary>
public abstract class LibraryProcess : ClusterProcess
{
    private static readonly HttpClient s_http = new() { Timeout = TimeSpan.FromSeconds(2) };

    private readonly ClusterOptions _options;

    private protected LibraryProcess(string name, string role, string log, ClusterOptions options)
        : base(name, role, log)
    {
        (_options, Binaries) = (options, options.Binaries);
    }

    /// <summary>Programs that its next start uses; those that were built with this one when null.</summary>
    public string? Binaries { get; set; }

    /// <summary>Of the program that runs, with the commit it was built from: what the process itself has in its memory.</summary>
    public string Version
    {
        get
        {
            var program = $"/{Project}.dll";
            var map = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{ProcessId}/maps"))
                .FirstOrDefault(map => map.EndsWith(program, StringComparison.Ordinal))
                ?? throw new ClusterException($"{Name} runs no {Project}.dll that is still where it was started from");
            return FileVersionInfo.GetVersionInfo(map[map.IndexOf('/')..]).ProductVersion!;
        }
    }

    /// <summary>Environment variables of its next start; they win over all others.</summary>
    public Dictionary<string, string> Overrides { get; } = new(StringComparer.Ordinal);

    public abstract int InternalPort { get; }

    /// <summary>Health and metrics.</summary>
    public string InternalUrl => Local(InternalPort);

    protected override TimeSpan StartPatience => _options.StartPatience;

    protected override TimeSpan StopPatience => _options.StopPatience;

    private protected abstract string Project { get; }

    private protected abstract IReadOnlyDictionary<string, string> Settings { get; }

    private protected virtual IReadOnlyList<string> Arguments => [];

    /// <summary>Ports that its next start uses are other ones.</summary>
    public abstract void MoveToNewPorts();

    public override async Task<bool> IsReadyAsync(CancellationToken cancellationToken = default) =>
        IsRunning && await AnswersAsync("/health/ready", cancellationToken) == HttpStatusCode.OK;

    /// <summary>Runs the program once with a command and waits for its end.</summary>
    public async Task<CommandOutcome> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken = default)
    {
        var log = $"{Log}.{Guid.NewGuid():N}";
        using var child = await ChildProcess.StartAsync("dotnet", [Library(), .. command], log, Environment());
        try
        {
            await child.WaitForExitAsync(cancellationToken);
            return new(child.ExitCode, await File.ReadAllTextAsync(log, CancellationToken.None));
        }
        finally
        {
            File.Delete(log);
        }
    }

    protected override Task<ChildProcess> StartChildAsync(CancellationToken cancellationToken) =>
        ChildProcess.StartAsync("dotnet", [Library(), .. Arguments], Log, Environment());

    private protected static string Local(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    /// <summary>The status; null when there is no answer.</summary>
    private async Task<HttpStatusCode?> AnswersAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await s_http.GetAsync(new Uri(InternalUrl + path), cancellationToken);
            return answer.StatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException
            || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private string Library() => Cluster.Binaries.Library(Project, Binaries);

    private Dictionary<string, string> Environment()
    {
        var environment = new Dictionary<string, string>(Settings, StringComparer.Ordinal)
        {
            ["POD_NAME"] = Name,
            ["POD_IP"] = "127.0.0.1",
            ["Lms__InternalUrls"] = InternalUrl,
        };
        var stronger = _options.Environment
            .Concat(_options.EnvironmentOf.GetValueOrDefault(Name, new Dictionary<string, string>()))
            .Concat(Overrides);
        foreach (var (name, value) in stronger)
        {
            environment[name] = value;
        }

        return environment;
    }
}

/// <summary>What a command of a program came to.</summary>
public sealed record CommandOutcome(int ExitCode, string Output);
