using System.Globalization;
using System.Text;
using Lms.Chaos.Cluster;
using Lms.Chaos.Servers;

namespace Lms.Chaos.Up;

/// <summary>Who runs and who does not, redrawn in place.</summary>
internal sealed class StatusScreen(LocalCluster cluster)
{
    private const string Home = "\e[H";
    private const string ClearLine = "\e[K";
    private const string ClearScreen = "\e[2J";
    private const string ClearBelow = "\e[J";
    private const string OtherScreen = "\e[?1049h\e[?25l";
    private const string FirstScreen = "\e[?1049l\e[?25h";

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    public async Task ShowAsync(CancellationToken cancellationToken)
    {
        Console.Write(OtherScreen + ClearScreen);
        try
        {
            while (true)
            {
                var text = await DrawAsync(cancellationToken);
                Console.Write(Home + text.Replace("\n", ClearLine + "\n", StringComparison.Ordinal) + ClearBelow);
                await Task.Delay(s_interval, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C.
        }
        finally
        {
            Console.Write(FirstScreen);
            Console.WriteLine("Stopping: gateways, silos, servers.");
        }
    }

    private async Task<string> DrawAsync(CancellationToken cancellationToken)
    {
        var processes = cluster.Processes;
        var states = await Task.WhenAll(processes.Select(process => StateAsync(process, cancellationToken)));
        var activations = await Activations.AskAsync(cluster.Silos, cancellationToken);
        var members = (activations?.Silos ?? []).ToLookup(silo => silo.Name, StringComparer.Ordinal);

        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"Lms.Orleans  {string.Join("  ", cluster.Gateways.Select(gateway => gateway.Url))}")
            .AppendLine(CultureInfo.InvariantCulture, $"{cluster.ClusterFilePath}  Ctrl-C stops")
            .AppendLine()
            .AppendLine(Line("name", "role", "pid", "state", "member", "activations", "ports"));
        foreach (var (process, state) in processes.Zip(states))
        {
            var member = members[process.Name].LastOrDefault();
            text.AppendLine(Line(
                process.Name,
                process.Role,
                process.ProcessId.ToString(CultureInfo.InvariantCulture),
                state,
                member?.Status ?? (process is Silo ? "?" : ""),
                member?.Activations.ToString(CultureInfo.InvariantCulture) ?? (process is Silo ? "?" : ""),
                string.Join(' ', process.Ports.Select(port => $"{port.Key}:{port.Value.ToString(CultureInfo.InvariantCulture)}"))));
        }

        return text.ToString();
    }

    private static string Line(string name, string role, string pid, string state, string member, string activations, string ports) =>
        $"{name,-17} {role,-17} {pid,7}  {state,-9} {member,-12} {activations,11}  {ports}";

    private static async Task<string> StateAsync(ClusterProcess process, CancellationToken cancellationToken) => process switch
    {
        { IsRunning: false, ShouldRun: true } => "dead",
        { IsRunning: false } => "stopped",
        { IsFrozen: true } => "frozen",
        _ => await process.IsReadyAsync(cancellationToken) ? "ready" : "not ready",
    };
}
