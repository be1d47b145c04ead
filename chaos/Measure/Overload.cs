using Lms.Chaos.Cluster;
using Lms.Chaos.Load;

namespace Lms.Chaos.Measure;

/// <summary>What is still done when five times as much is asked as can be.</summary>
internal static class Overload
{
    private const double FirstRate = 150;
    private const double Step = 1.3;
    private const double Times = 5;

    /// <summary>One request in a hundred lends or returns, one changes a book: five times as much must still be less than the library can do.</summary>
    private const double Writes = 0.02;

    /// <summary>Until what is asked all the time is compiled as well as it will be.</summary>
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_overload = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_after = TimeSpan.FromSeconds(15);

    /// <summary>An answer that takes longer is not worth having.</summary>
    private static readonly TimeSpan s_useful = TimeSpan.FromSeconds(1);

    /// <summary>Who stands at the desk waits for longer.</summary>
    private static readonly TimeSpan s_atDesk = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Latencies and patience, of one second and of three, count from the intended instants, so that lateness of the generator is on the
    /// library's account: this much changes little. The generator has one processor, and at five times the peak it was late by 6 to 11 ms.
    /// </summary>
    private static readonly TimeSpan s_maxLag = TimeSpan.FromMilliseconds(20);

    public static Task RunAsync(Report report, CancellationToken cancellationToken) => MeasureCommand.WithClusterAsync(
        new() { Directory = "", Silos = 3, Demo = true },
        async cluster =>
        {
            await Processors.ShareAsync(cluster, cancellationToken);
            await LoadAsync(cluster, FirstRate, s_warmUp, null, cancellationToken);
            var peak = await PeakAsync(cluster, report, cancellationToken);

            // What comes afterwards comes at once: a library that had a pause would have recovered in it.
            var over = await LoadAsync(cluster, Times * peak, s_overload, new(peak / 2, s_after), cancellationToken);

            // A part of it is no measure.
            cancellationToken.ThrowIfCancellationRequested();
            var recovery = over.Tail!;

            var goodput = Answered(over) / over.Seconds;
            var desk = over.Operations.Where(operation => Call.IsDesk(operation.Key)).Select(operation => operation.Value).ToList();
            var deskShare = desk.Sum(Answered) / Math.Max(1, desk.Sum(operation => operation.Requests));
            var recovered = recovery.PerSecond.Where(second => second.Failed > 0).Select(second => second.Second + 1).DefaultIfEmpty(0).Max();
            Report.Say($"peak {peak:0}/s; at {Times * peak:0}/s offered: {goodput:0}/s answered in time ({goodput / peak:P0} of peak, {over.Ok / over.Seconds / peak:P0} not degraded), lend and return {deskShare:P1} of {desk.Sum(operation => operation.Requests)}, generator late by {over.Lag.P99:0} ms (99 %); at {peak / 2:0}/s at once afterwards the last failure after {recovered} s, generator late by {recovery.Lag.P99:0} ms; {over.Writes.Lost.Count} writes lost; load average {Report.LoadAverage}");
            foreach (var (operation, result) in over.Operations)
            {
                Report.Say($"  {operation}: {Answered(result)} of {result.Requests} answered, p99 {result.Latency.P99:0} ms; {string.Join(", ", result.Statuses.Select(status => $"{status.Key}: {status.Value}"))}");
            }

            report.Add("peak", peak);
            report.Add("goodputShare", goodput / peak);
            report.Add("deskShare", deskShare);
            report.Add("recoverySeconds", recovered);
            report.Add("lag", new { over = over.Lag, recovery = recovery.Lag });
            report.JudgeLag(over);
            report.JudgeLag(recovery);
            if (over.Writes.Lost.Count > 0)
            {
                report.Unsound("a write was acknowledged and is lost");
            }
        },
        cancellationToken);

    /// <summary>An answer that says that it is old is one.</summary>
    private static double Answered(LoadResult result) => result.Ok + result.Degraded;

    private static double Answered(OperationResult result) => result.Ok + result.Degraded;

    /// <summary>The most that was answered in time in a second, of rates that rise until more of them does not help.</summary>
    private static async Task<double> PeakAsync(LocalCluster cluster, Report report, CancellationToken cancellationToken)
    {
        var peak = 0.0;
        for (var rate = FirstRate; ; rate *= Step)
        {
            var result = await LoadAsync(cluster, rate, s_step, null, cancellationToken);
            var goodput = Answered(result) / result.Seconds;
            Report.Say($"{rate:0}/s offered: {goodput:0}/s answered in time, {result.Failed} failed, p99 {result.Latency.P99:0} ms, generator late by {result.Lag.P99:0} ms (99 %)");
            report.JudgeLag(result);
            if (goodput < peak || goodput < 0.8 * rate)
            {
                return Math.Max(peak, goodput);
            }

            peak = goodput;
        }
    }

    private static Task<LoadResult> LoadAsync(
        LocalCluster cluster, double rate, TimeSpan duration, LoadTail? tail, CancellationToken cancellationToken) =>
        LoadRun.RunAsync(
            new()
            {
                // Clients that gave up connect anew, and the name would be looked up each time.
                Urls = [.. cluster.Urls.Select(url => new UriBuilder(url) { Host = "127.0.0.1" }.Uri)],
                Rate = rate,
                Duration = duration,
                Tail = tail,
                Poisson = true,
                Writes = Writes,
                Readers = 200,
                Timeout = s_useful,
                DeskTimeout = s_atDesk,
                MaxLag = s_maxLag,
            },
            cancellationToken);
}
