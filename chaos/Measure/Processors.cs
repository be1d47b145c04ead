using System.Diagnostics;
using System.Globalization;
using Lms.Chaos.Cluster;
using Lms.Chaos.Servers;

namespace Lms.Chaos.Measure;

/// <summary>Who runs where, when a measure is about what happens when there is too little time for all.</summary>
internal static class Processors
{
    /// <summary>
    /// Of silos, PostgreSQL and Redis. Where the library runs, gateways have processor time of their own: a share that the chart asks for,
    /// or another node. Here they stand before the others.
    /// </summary>
    private const int Niceness = 10;

    /// <summary>
    /// Gives the last processor to this process, which is the clients, and the others to the library. Without that the library slows down
    /// those who ask.
    /// </summary>
    public static async Task ShareAsync(LocalCluster cluster, CancellationToken cancellationToken)
    {
        if (Environment.ProcessorCount == 1)
        {
            return;
        }

        var last = Environment.ProcessorCount - 1;
        var others = string.Create(CultureInfo.InvariantCulture, $"0-{last - 1}");
        foreach (var process in cluster.Processes)
        {
            foreach (var id in await WithChildrenAsync(process.ProcessId, cancellationToken))
            {
                await RunAsync("taskset", ["-a", "-c", "-p", others, id], cancellationToken);
                if (process is not Gateway)
                {
                    await RunAsync("renice", ["-n", Text(Niceness), "-g", id], cancellationToken);
                    await StandBackAsync(id, cancellationToken);
                }
            }
        }

        await RunAsync("taskset", ["-a", "-c", "-p", Text(last), Text(Environment.ProcessId)], cancellationToken);
    }

    /// <summary>
    /// Where the system shares processors among sessions (sched(7), autogroup), niceness counts within a session only, and each process
    /// of the library has its own.
    /// </summary>
    private static async Task StandBackAsync(string id, CancellationToken cancellationToken)
    {
        var session = $"/proc/{id}/autogroup";
        if (File.Exists(session))
        {
            await File.WriteAllTextAsync(session, Text(Niceness), cancellationToken);
        }
    }

    /// <summary>PostgreSQL serves each connection by a process.</summary>
    private static async Task<IEnumerable<string>> WithChildrenAsync(int processId, CancellationToken cancellationToken)
    {
        var children = await File.ReadAllTextAsync(
            string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task/{processId}/children"), cancellationToken);
        return children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Prepend(Text(processId));
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new ClusterException($"{program} {string.Join(' ', arguments)} ended with exit code {Text(process.ExitCode)}");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
