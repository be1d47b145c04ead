using Lms.Chaos.Cluster;
using Lms.Chaos.Load;

namespace Lms.Chaos.Measure;

/// <summary>What the other services notice while every silo of one is gone.</summary>
internal static class Isolation
{
    private const int Requests = 20_000;
    private const double Rate = 200;

    private static readonly string[] s_desk = ["lendings"];
    private static readonly string[] s_others = ["authors", "books", "copies", "genres", "readers", "users"];

    // Lending needs the service that is gone; everything else must not.
    private static readonly string[] s_missed = ["lend", "return"];

    public static Task RunAsync(int rounds, Report report, CancellationToken cancellationToken) => MeasureCommand.WithClusterAsync(
        new()
        {
            Directory = "",
            Silos = 3,
            Demo = true,
            ServicesOf = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
            {
                ["silo-1"] = s_others,
                ["silo-2"] = s_others,
                ["silo-3"] = s_desk,
            },
            StrictServices = [.. s_desk, .. s_others],
        },
        async cluster =>
        {
            var desk = cluster["silo-3"];
            var perRound = new List<object>();
            await WindowAsync(cluster, "warm-up", 2_000, cancellationToken);
            for (var round = 0; round < rounds; round++)
            {
                var before = await WindowAsync(cluster, "before", Requests / 2, cancellationToken);
                await desk.KillAsync();
                await Task.Delay(1_000, cancellationToken);
                var during = await WindowAsync(cluster, "without the silos of lendings", Requests, cancellationToken);
                await desk.StartAsync(cancellationToken);
                await Task.Delay(2_000, cancellationToken);
                var after = await WindowAsync(cluster, "after", Requests / 2, cancellationToken);
                var ratio = during.P99 / ((before.P99 + after.P99) / 2);
                Report.Say($"round {round + 1}: other services failed {during.Failed} of {during.Requests} during, {before.Failed + after.Failed} of {before.Requests + after.Requests} before and after; p99 {during.P99:0.0} ms, ratio {ratio:0.00}; load average {Report.LoadAverage}");
                perRound.Add(new { before, during, after, ratio });
            }

            report.Add("rounds", perRound);
        },
        cancellationToken);

    private static async Task<Window> WindowAsync(LocalCluster cluster, string name, int requests, CancellationToken cancellationToken)
    {
        // The desk is asked as well: what hangs there must not hold up the others. It makes its readers while it can.
        var options = new LoadOptions { Urls = cluster.Urls, Rate = Rate, Duration = TimeSpan.FromSeconds(requests / Rate), ReadBackPatience = TimeSpan.FromSeconds(5) };
        var result = await LoadRun.RunAsync(options, cancellationToken);
        var others = result.Operations.Where(operation => !s_missed.Contains(operation.Key, StringComparer.Ordinal)).ToList();
        var window = new Window(
            others.Sum(operation => operation.Value.Requests),
            others.Sum(operation => operation.Value.Failed),
            others.Sum(operation => operation.Value.Latency.P99 * operation.Value.Requests) / others.Sum(operation => operation.Value.Requests));
        Report.Say($"{name}: {window.Failed} of {window.Requests} requests of other services failed, p99 {window.P99:0.0} ms; {string.Join(", ", result.Operations.Select(operation => $"{operation.Key} {operation.Value.Ok}/{operation.Value.Degraded}/{operation.Value.Failed}"))}");
        return window;
    }

    /// <param name="Requests">To other services.</param>
    /// <param name="Failed">Of them.</param>
    /// <param name="P99">The mean of the operations', in milliseconds.</param>
    private sealed record Window(int Requests, int Failed, double P99);
}
