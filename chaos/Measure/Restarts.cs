using System.Diagnostics;
using Lms.Chaos.Cluster;
using Lms.Chaos.Load;
using Lms.Chaos.Servers;

namespace Lms.Chaos.Measure;

/// <summary>How soon a library answers of which much, or everything, was gone.</summary>
public static class Restarts
{
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Silos that start at once leave no time for a load that is never late. What is measured beside it is told in tenths of a second, and
    /// waits for its turn no longer than it.
    /// </summary>
    private static readonly TimeSpan s_maxLag = TimeSpan.FromMilliseconds(100);

    /// <summary>What a library consists of, each in its letter: PostgreSQL, Redis, silos, gateways.</summary>
    public static IReadOnlyList<string> Orders { get; } = [.. Permutations("PRSG")];

    /// <summary>
    /// Ends everything, and starts it in the given order without waiting for what is started. Answers how long after the last
    /// start a book was written and read.
    /// </summary>
    public static async Task<TimeSpan> InOrderAsync(LocalCluster cluster, string order, CancellationToken cancellationToken)
    {
        foreach (var process in cluster.Processes.Reverse())
        {
            await process.StopAsync();
        }

        foreach (var kind in order)
        {
            foreach (var process in cluster.Processes.Where(process => LetterOf(process) == kind))
            {
                await process.LaunchAsync(cancellationToken);
            }

            await Task.Delay(s_between, cancellationToken);
        }

        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var load = await LoadRun.StartAsync(new() { Urls = cluster.Urls, Books = 1, Readers = 0 }, cancellationToken);
                await load.FinishAsync();
                return waited.Elapsed;
            }
            catch (LoadException) when (waited.Elapsed < s_patience)
            {
                await Task.Delay(100, cancellationToken);
            }
        }
    }

    internal static Task InEveryOrderAsync(Report report, CancellationToken cancellationToken) => MeasureCommand.WithClusterAsync(
        2,
        demo: true,
        async cluster =>
        {
            var times = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var order in Orders)
            {
                times[order] = (await InOrderAsync(cluster, order, cancellationToken)).TotalSeconds;
                Report.Say($"{order}: a book is written and read {times[order]:0.0} s after the last start; load average {Report.LoadAverage}");
            }

            Report.Say($"P = PostgreSQL, R = Redis, S = silos, G = gateways; {s_between.TotalSeconds:0} s between; slowest {times.Values.Max():0.0} s");
            report.Add("orders", times);
        },
        cancellationToken);

    internal static Task OfAllSilosAsync(int rounds, Report report, CancellationToken cancellationToken) => MeasureCommand.WithClusterAsync(
        3,
        demo: true,
        async cluster =>
        {
            var times = new List<double>();
            await using var load = await LoadRun.StartAsync(
                new() { Urls = cluster.Urls, Rate = 10, Books = 10, Readers = 0, Writes = 0, MaxLag = s_maxLag }, cancellationToken);
            for (var round = 0; round < rounds; round++)
            {
                await Task.WhenAll(cluster.Silos.Select(silo => silo.KillAsync()));
                foreach (var silo in cluster.Silos)
                {
                    silo.MoveToNewPorts();
                }

                await Task.Delay(s_between, cancellationToken);
                var waited = Stopwatch.StartNew();
                await Task.WhenAll(cluster.Silos.Select(silo => silo.LaunchAsync(cancellationToken)));
                while (!await load.TryReadAsync(cancellationToken))
                {
                    if (waited.Elapsed > s_patience)
                    {
                        throw new ClusterException($"No book can be read {s_patience.TotalSeconds:0} s after the restart of all silos.");
                    }

                    await Task.Delay(20, cancellationToken);
                }

                times.Add(waited.Elapsed.TotalSeconds);
                Report.Say($"restart of all silos on new ports {round + 1}: the first book is read {times[^1]:0.0} s after their start; load average {Report.LoadAverage}");
                await cluster.BecomesReadyAsync(cancellationToken);
            }

            var clients = await load.FinishAsync();
            times.Sort();
            Report.Say($"total restart, {rounds} rounds: median {times[times.Count / 2]:0.0} s, worst {times[^1]:0.0} s; generator late by {clients.Lag.P99:0.0} ms (99 %)");
            report.Add("seconds", times);
            report.Add("lag", clients.Lag);
            report.JudgeLag(clients);
        },
        cancellationToken);

    private static char LetterOf(ClusterProcess process) => process.Role switch
    {
        "postgres" => 'P',
        "redis-membership" or "redis-cache" => 'R',
        "silo" => 'S',
        _ => 'G',
    };

    private static IEnumerable<string> Permutations(string letters) => letters.Length == 1
        ? [letters]
        : letters.SelectMany((letter, index) => Permutations(letters.Remove(index, 1)).Select(rest => letter + rest));
}
