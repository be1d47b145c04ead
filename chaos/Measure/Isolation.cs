using System.Globalization;
using Lms.Chaos.Cluster;
using Lms.Chaos.Load;

namespace Lms.Chaos.Measure;

/// <summary>What the other services notice while every silo of one is gone.</summary>
internal static class Isolation
{
    /// <summary>To other services, while the silos are gone; half as many before, and after.</summary>
    private const int Requests = 20_000;

    private const double Rate = 200;
    private const double DeskRate = 10;

    /// <summary>Of reads, the share that is not about books.</summary>
    private const double OtherReads = 0.4;

    /// <summary>Until what is asked all the time is compiled as well as it will be.</summary>
    private const int WarmUp = 2 * Requests;

    private static readonly string[] s_desk = ["lendings"];
    private static readonly string[] s_others = ["authors", "books", "copies", "genres", "readers", "users"];

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
            var perRound = new List<(LoadResult Before, LoadResult During, LoadResult After)>();
            await WindowAsync(cluster, "warm-up", WarmUp, cancellationToken);
            for (var round = 1; round <= rounds; round++)
            {
                var before = await WindowAsync(cluster, "before", Requests / 2, cancellationToken);
                await desk.KillAsync();
                await Task.Delay(1_000, cancellationToken);
                var during = await WindowAsync(cluster, "without the silos of lendings", Requests, cancellationToken);
                await desk.StartAsync(cancellationToken);
                await Task.Delay(2_000, cancellationToken);
                var after = await WindowAsync(cluster, "after", Requests / 2, cancellationToken);
                perRound.Add((before, during, after));
                report.JudgeLag(before);
                report.JudgeLag(during);
                report.JudgeLag(after);
                Report.Say($"round {round}: other services failed {during.Failed} of {during.Requests} during, {before.Failed + after.Failed} of {before.Requests + after.Requests} before and after; load average {Report.LoadAverage}");
            }

            Report.Say($"all, {Ratio(perRound, result => result.Latency)}");
            foreach (var operation in perRound[0].During.Operations.Keys)
            {
                Report.Say($"{operation}, {Ratio(perRound, result => result.Operations[operation].Latency)}");
            }

            report.Add("rounds", perRound.Select(round => new
            {
                before = Figures(round.Before),
                during = Figures(round.During),
                after = Figures(round.After),
            }));
        },
        cancellationToken);

    /// <summary>The median of rounds is told, and the rounds.</summary>
    private static string Ratio(
        List<(LoadResult Before, LoadResult During, LoadResult After)> rounds, Func<LoadResult, Latency> latency)
    {
        var ratios = rounds.ConvertAll(round => latency(round.During).P99 / ((latency(round.Before).P99 + latency(round.After).P99) / 2));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"p99 during: {ratios.Order().ElementAt(ratios.Count / 2):0.00} times that before and after (median of {ratios.Count}: {string.Join(", ", ratios.Select(ratio => ratio.ToString("0.00", CultureInfo.InvariantCulture)))})");
    }

    private static object Figures(LoadResult result) => new { result.Requests, result.Failed, result.Latency, result.Lag, result.Operations };

    /// <summary>Asks the other services, in the same way whatever becomes of the desk; beside it the desk, which must not hold them up.</summary>
    private static async Task<LoadResult> WindowAsync(LocalCluster cluster, string name, int requests, CancellationToken cancellationToken)
    {
        // What was lent while nobody knows of it is not waited for.
        var options = new LoadOptions { Urls = cluster.Urls, ReadBackPatience = TimeSpan.FromSeconds(5) };
        await using var desk = await LoadRun.StartAsync(options with { Rate = DeskRate, Writes = 1, Desk = 1, Books = 10 }, cancellationToken);
        var result = await LoadRun.RunAsync(
            options with { Rate = Rate, Duration = TimeSpan.FromSeconds(requests / Rate), Desk = 0, Others = OtherReads, Readers = 5 },
            cancellationToken);
        var beside = await desk.FinishAsync();
        Report.Say($"{name}: {result.Failed} of {result.Requests} requests of other services failed; p99 {string.Join(", ", result.Operations.Select(operation => $"{operation.Key} {operation.Value.Latency.P99:0.0} ms"))}; generator late by {result.Lag.P99:0.0} ms (99 %); at the desk {beside.Failed} of {beside.Requests} failed");
        return result;
    }
}
