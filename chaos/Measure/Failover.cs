using System.Diagnostics;
using Lms.Chaos.Cluster;
using Lms.Chaos.Load;
using Lms.Grains.Abstractions.Books;

namespace Lms.Chaos.Measure;

/// <summary>How long a book cannot be read whose silo is gone.</summary>
internal static class Failover
{
    private const int Silos = 3;
    private const int Books = 300;
    private const int LeastKeys = 50;
    private const int MostKeys = 80;

    /// <summary>Of all grains, what the victim holds at least before it goes.</summary>
    private const double LeastShare = 0.15;

    private static readonly TimeSpan s_before = TimeSpan.FromSeconds(1);

    public static Task KillAsync(int rounds, Report report, CancellationToken cancellationToken) => RunAsync(
        rounds,
        "kill -9",
        TimeSpan.FromSeconds(5),
        silo => silo.KillAsync(),
        silo => silo.StartAsync(cancellationToken),
        report,
        cancellationToken);

    public static Task FreezeAsync(int rounds, Report report, CancellationToken cancellationToken) => RunAsync(
        rounds,
        "SIGSTOP",
        TimeSpan.FromSeconds(8),
        silo =>
        {
            silo.Freeze();
            return Task.CompletedTask;
        },
        async silo =>
        {
            // Others have declared it dead: when it hears of that, it ends.
            silo.Thaw();
            await silo.WaitForExitAsync(cancellationToken).WaitAsync(TimeSpan.FromSeconds(15), cancellationToken);
            await silo.StartAsync(cancellationToken);
        },
        report,
        cancellationToken);

    private static Task RunAsync(
        int rounds,
        string fault,
        TimeSpan after,
        Func<Silo, Task> breakAsync,
        Func<Silo, Task> mendAsync,
        Report report,
        CancellationToken cancellationToken) => MeasureCommand.WithClusterAsync(
            Silos,
            demo: true,
            async cluster =>
            {
                await using var load = await LoadRun.StartAsync(
                    new() { Urls = cluster.Urls, Rate = 20, Books = Books, Readers = 10 }, cancellationToken);
                await using var reads = await RawReads.ConnectAsync(cluster.Membership.ConnectionString, cancellationToken);
                var books = load.Books.Select(isbn => BookGrains.Prefix + isbn).ToList();
                var outages = new List<double>();
                var perRound = new List<object>();
                for (var round = 0; round < rounds; round++)
                {
                    var victim = cluster.Silos[round % Silos];
                    var keys = await KeysOfAsync(victim, cluster, reads, books, cancellationToken);
                    using var watch = reads.Start(keys);
                    await Task.Delay(s_before, cancellationToken);
                    var at = Stopwatch.GetTimestamp();
                    await breakAsync(victim);
                    await Task.Delay(after, cancellationToken);
                    var attempts = await watch.StopAsync();
                    var ofKeys = keys.Select(key => OutageOf(attempts.Where(attempt => attempt.Key == key), at)).Order().ToList();
                    outages.AddRange(ofKeys);
                    var failed = attempts.Count(attempt => !attempt.IsGood);
                    var rate = attempts.Count / (s_before + after).TotalSeconds;
                    Report.Say($"{fault} {round + 1,2}: {keys.Count} keys, {rate:0} reads/s, first success after {Median(ofKeys):0.00} s (median of keys), {ofKeys[^1]:0.00} s (worst); {failed} of {attempts.Count} reads failed; load average {Report.LoadAverage}");
                    perRound.Add(new { keys = keys.Count, readsPerSecond = rate, median = Median(ofKeys), worst = ofKeys[^1], failed, attempts = attempts.Count, loadAverage = Report.LoadAverage });
                    await mendAsync(victim);
                }

                var clients = await load.FinishAsync();
                outages.Sort();
                Report.Say($"{fault}, {rounds} rounds, {outages.Count} keys: median {Median(outages):0.00} s, 95 % {outages[(int)(outages.Count * 0.95)]:0.00} s, worst {outages[^1]:0.00} s");
                Report.Say($"Meanwhile clients of the gateways: {clients.Failed} of {clients.Requests} requests failed, {clients.Writes.Acknowledged} writes acknowledged, {clients.Writes.Lost.Count} lost, slowest answer {clients.Latency.Max:0} ms");
                report.Add("rounds", perRound);
                report.Add("median", Median(outages));
                report.Add("worst", outages[^1]);
                report.Add("clients", new { clients.Requests, clients.Failed, lost = clients.Writes.Lost.Count, clients.Latency });
                if (clients.Writes.Lost.Count > 0)
                {
                    report.Unsound("a write was acknowledged and is lost");
                }
            },
            cancellationToken);

    /// <summary>Spreads the grains, and picks books that are active at the victim.</summary>
    private static async Task<IReadOnlyList<string>> KeysOfAsync(
        Silo victim, LocalCluster cluster, RawReads reads, IReadOnlyList<string> books, CancellationToken cancellationToken)
    {
        var seen = "nobody answered";
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var members = await Activations.AskAsync(cluster.Silos, cancellationToken);
            if (members?.Silos.Count == Silos)
            {
                await Activations.CollectAsync(cluster.Silos, cancellationToken);
                await reads.TouchAsync(books, cancellationToken);
                var after = (await Activations.AskAsync(cluster.Silos, cancellationToken))!.Silos;
                var here = (await Activations.KeysAsync(victim, "book", cancellationToken)).Intersect(books, StringComparer.Ordinal)
                    .Take(MostKeys).ToList();
                seen = $"{here.Count} of the books; all grains: {string.Join(", ", after.Select(silo => $"{silo.Name} {silo.Activations}"))}";
                if (here.Count >= LeastKeys && after.All(silo => silo.Activations >= LeastShare * after.Sum(other => other.Activations)))
                {
                    return here;
                }
            }

            await Task.Delay(500, cancellationToken);
        }

        throw new Servers.ClusterException($"{victim.Name} does not get its share of the grains: {seen}");
    }

    // From the fault to the first good answer to a read that was sent after it.
    private static double OutageOf(IEnumerable<RawReads.Attempt> attempts, long fault)
    {
        var good = attempts.Where(attempt => attempt.IsGood && attempt.SentAt >= fault).Select(attempt => attempt.DoneAt).ToList();
        return good.Count == 0 ? double.PositiveInfinity : Stopwatch.GetElapsedTime(fault, good.Min()).TotalSeconds;
    }

    private static double Median(List<double> sorted) => sorted[sorted.Count / 2];
}
