using System.Diagnostics;
using System.Globalization;
using Lms.Chaos.Cluster;
using Lms.Chaos.Servers;

namespace Lms.Chaos.Measure;

/// <summary>Who runs where, when a measure is about what happens when there is too little time for all.</summary>
internal static class Processors
{
    /// <summary>
    /// Gives the last processor to this process, which is the clients, and the others to the library, whose processes share them as the
    /// system does it. Without that the library slows down those who ask.
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
                await MoveAsync(id, others, cancellationToken);
            }
        }

        await MoveAsync(Text(Environment.ProcessId), Text(last), cancellationToken);
    }

    /// <summary>PostgreSQL serves each connection by a process.</summary>
    private static async Task<IEnumerable<string>> WithChildrenAsync(int processId, CancellationToken cancellationToken)
    {
        var children = await File.ReadAllTextAsync(
            string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task/{processId}/children"), cancellationToken);
        return children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Prepend(Text(processId));
    }

    private static async Task MoveAsync(string id, string processors, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("taskset", ["-a", "-c", "-p", processors, id])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);

        // A connection to PostgreSQL may have ended since it was listed.
        if (process.ExitCode != 0 && Directory.Exists($"/proc/{id}"))
        {
            throw new ClusterException($"process {id} cannot be moved to processors {processors}: taskset ended with exit code {Text(process.ExitCode)}");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
