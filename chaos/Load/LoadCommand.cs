using System.Globalization;
using System.Text.Json;
using Lms.Chaos.Cluster;

namespace Lms.Chaos.Load;

/// <summary><c>chaos load</c>: one load, and what it came to.</summary>
internal static class LoadCommand
{
    public static async Task<int> RunAsync(LoadArguments arguments)
    {
        using var stop = new StopSignals();
        var result = await LoadRun.RunAsync(arguments.Options, stop.Token);
        if (arguments.Json is { } file)
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(result, ClusterJson.Options));
        }

        Print(result);
        return result is { IsValid: true, Writes: { Lost: [], Unread: [] } } ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void Print(LoadResult result)
    {
        Say($"requests {result.Requests} in {result.Seconds:0.0} s, ok {result.Ok}, degraded {result.Degraded}, failed {result.Failed}: availability {result.Availability:P4}");
        Say($"{"",-8} {"requests",9} {"failed",7} {"p50 ms",9} {"p90",9} {"p99",9} {"p99.9",9} {"max",9}");
        foreach (var (name, operation) in result.Operations)
        {
            Line(name, operation.Requests, operation.Failed, operation.Latency);
        }

        Line("all", result.Requests, result.Failed, result.Latency);
        foreach (var failure in result.Failures)
        {
            Say($"failed: {failure.Operation}, {failure.Kind}: {failure.Count} from {failure.FirstAt:0.0} s to {failure.LastAt:0.0} s {failure.Example}");
        }

        Say($"retried after a refused connection {result.Retried}, repeated with their key {result.Repeated}, overrun {result.Overrun}");
        Say($"writes acknowledged {result.Writes.Acknowledged}, unknown {result.Writes.Unknown}, lost {result.Writes.Lost.Count}, unread {result.Writes.Unread.Count}, stale reads {result.Writes.StaleReads.Count}");
        foreach (var problem in result.Writes.Lost.Select(lost => "lost: " + lost)
            .Concat(result.Writes.Unread.Select(unread => "unread: " + unread))
            .Concat(result.Writes.StaleReads.Take(20).Select(stale => "stale: " + stale)))
        {
            Say($"{problem}");
        }

        Say($"generator lag p50 {result.Lag.P50:0.0} ms, p99 {result.Lag.P99:0.0} ms, max {result.Lag.Max:0.0} ms");
        if (!result.IsValid)
        {
            Say($"INVALID: the generator was too late to measure anything");
        }
    }

    private static void Line(string name, int requests, int failed, Latency latency) => Say(
        $"{name,-8} {requests,9} {failed,7} {latency.P50,9:0.0} {latency.P90,9:0.0} {latency.P99,9:0.0} {latency.P999,9:0.0} {latency.Max,9:0.0}");

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
