using Lms.Chaos.Cluster;
using Lms.Chaos.Load;

namespace Lms.Chaos.Measure;

/// <summary>What clients notice while the cluster is restarted, or while its machine has no time for it.</summary>
internal static class UnderLoad
{
    /// <summary>Processes that start leave no time for a load that is never late; who waits is served or is not, within 10 seconds.</summary>
    private static readonly TimeSpan s_maxLag = TimeSpan.FromMilliseconds(100);

    public static Task RollAsync(int rounds, Report report, CancellationToken cancellationToken) => MeasureCommand.WithClusterAsync(
        3,
        demo: true,
        async cluster =>
        {
            var perRound = new List<object>();
            for (var round = 0; round < rounds; round++)
            {
                await using var load = await LoadRun.StartAsync(
                    new() { Urls = cluster.Urls, Rate = 100, MaxLag = s_maxLag }, cancellationToken);
                await Task.Delay(2_000, cancellationToken);
                await cluster.RollAsync(cancellationToken: cancellationToken);
                await Task.Delay(2_000, cancellationToken);
                var result = await load.FinishAsync();
                Report.Say($"rolling restart {round + 1}: {result.Requests} requests in {result.Seconds:0} s, {result.Failed} failed, {result.Retried} connections refused and tried at the other gateway; p99 {result.Latency.P99:0} ms, slowest {result.Latency.Max:0} ms, generator late by {result.Lag.P99:0.0} ms (99 %); {result.Writes.Acknowledged} writes acknowledged, {result.Writes.Lost.Count} lost, {result.Writes.StaleReads.Count} reads of an older version; load average {Report.LoadAverage}");
                perRound.Add(new { result.Requests, result.Failed, result.Retried, result.Latency, result.Lag, acknowledged = result.Writes.Acknowledged, lost = result.Writes.Lost.Count, staleReads = result.Writes.StaleReads.Count, result.Failures });
                Judge(result, report);
                report.JudgeLag(result);
                if (result.Failed > 0)
                {
                    report.Unsound($"{result.Failed} requests failed while the cluster was restarted");
                }
            }

            report.Add("rounds", perRound);
        },
        cancellationToken);

    /// <summary>Every processor is busy with something else, and no silo may be taken for dead because of it.</summary>
    public static Task SoakAsync(TimeSpan duration, Report report, CancellationToken cancellationToken) => MeasureCommand.WithClusterAsync(
        3,
        demo: true,
        async cluster =>
        {
            var before = await MembersAsync(cluster, cancellationToken);
            LoadResult result;
            using (new BusyProcessors())
            {
                await using var load = await LoadRun.StartAsync(new() { Urls = cluster.Urls, Rate = 20 }, cancellationToken);
                for (var minute = TimeSpan.Zero; minute < duration; minute += TimeSpan.FromMinutes(1))
                {
                    await Task.Delay(TimeSpan.FromMinutes(1), cancellationToken);
                    Report.Say($"{minute.TotalMinutes + 1:0} min: {Evicted(before, await MembersAsync(cluster, cancellationToken))} silos evicted, load average {Report.LoadAverage}");
                }

                result = await load.FinishAsync();
            }

            var evicted = Evicted(before, await MembersAsync(cluster, cancellationToken));
            Report.Say($"soak of {duration.TotalMinutes:0} min with {Environment.ProcessorCount} of {Environment.ProcessorCount} processors busy: {evicted} false evictions; {result.Requests} requests, {result.Failed} failed, p99 {result.Latency.P99:0} ms, slowest {result.Latency.Max:0} ms, generator late by {result.Lag.P99:0.0} ms (99 %); {result.Writes.Lost.Count} writes lost");
            report.Add("evictions", evicted);
            report.Add("clients", new { result.Requests, result.Failed, result.Latency, result.Lag, lost = result.Writes.Lost.Count });

            // The generator shares the busy processors and cannot be on time: how late it was is told, and proves nothing wrong.
            Judge(result, report);
            if (evicted > 0)
            {
                report.Unsound($"{evicted} silos were taken for dead that were not");
            }
        },
        cancellationToken);

    private static void Judge(LoadResult result, Report report)
    {
        if (result.Writes.Lost.Count > 0)
        {
            report.Unsound("a write was acknowledged and is lost");
        }
    }

    // A silo that was evicted ends; one that came back instead has another generation in its address.
    private static int Evicted(IReadOnlySet<string> before, IReadOnlySet<string> now) => before.Count(member => !now.Contains(member));

    private static async Task<IReadOnlySet<string>> MembersAsync(LocalCluster cluster, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await Activations.AskAsync(cluster.Silos, cancellationToken) is { } activations)
            {
                return activations.Silos.Select(silo => silo.Address).ToHashSet(StringComparer.Ordinal);
            }

            await Task.Delay(500, cancellationToken);
        }
    }

    /// <summary>A thread for each processor that does nothing but take its time.</summary>
    private sealed class BusyProcessors : IDisposable
    {
        private volatile bool _isOver;

        public BusyProcessors()
        {
            for (var number = 0; number < Environment.ProcessorCount; number++)
            {
                new Thread(() =>
                {
                    while (!_isOver)
                    {
                        Thread.SpinWait(1_000);
                    }
                })
                { IsBackground = true, Name = "busy" }.Start();
            }
        }

        public void Dispose() => _isOver = true;
    }
}
