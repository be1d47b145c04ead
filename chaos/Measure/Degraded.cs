using System.Diagnostics;
using Lms.Chaos.Load;

namespace Lms.Chaos.Measure;

/// <summary>What two gateways answer of a warmed catalogue when everything behind them goes, one after the other.</summary>
internal static class Degraded
{
    private const int Books = 1_000;
    private const int Requests = 20_000;
    private const int Windows = 5;
    private const double Rate = 500;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public static Task RunAsync(Report report, CancellationToken cancellationToken) => MeasureCommand.WithClusterAsync(
        new() { Directory = "", Silos = 3, Demo = true },
        async cluster =>
        {
            using var client = new Client(cluster.Urls);
            var workload = await Preparation.PrepareAsync(
                new() { Urls = cluster.Urls, Books = Books, Readers = 0 }, client, cancellationToken);
            string[] warm = [.. workload.Books.Select(book => $"/api/books/{book.Isbn}")];
            string[] cold = [.. Enumerable.Range(0, Books).Select(_ => $"/api/books/{Preparation.NewIsbn()}")];
            await PhaseAsync("all is well", warm, client, report, cancellationToken);

            // One of the gateways has seen nothing of it: it has Redis to ask, and the read model.
            await cluster.Gateways[1].StopAsync();
            await cluster.Gateways[1].StartAsync(cancellationToken);
            await Task.WhenAll(cluster.Silos.Select(silo => silo.KillAsync()));
            await PhaseAsync("all silos gone", warm, client, report, cancellationToken);
            await cluster.Postgres.StopImmediatelyAsync();

            // It has seen the books since, and forgets them again: what it knows now it can have from Redis only.
            await cluster.Gateways[1].StopAsync();
            await cluster.Gateways[1].StartAsync(cancellationToken);
            await PhaseAsync("PostgreSQL gone as well", warm, client, report, cancellationToken);
            await PhaseAsync("the same, of books that nobody knows", cold, client, report, cancellationToken);
            await cluster.Cache!.KillAsync();
            await PhaseAsync("the Redis of the cache gone as well", warm, client, report, cancellationToken);
        },
        cancellationToken);

    private static async Task PhaseAsync(
        string name, string[] paths, Client client, Report report, CancellationToken cancellationToken)
    {
        // Until breakers have seen it: how long that takes is measured elsewhere.
        await WindowAsync(paths, 2_000, client, cancellationToken);
        var windows = new List<Window>();
        for (var window = 0; window < Windows; window++)
        {
            windows.Add(await WindowAsync(paths, Requests / Windows, client, cancellationToken));
        }

        var (p50, p99) = (Median(windows.Select(window => window.Latency.P50)), Median(windows.Select(window => window.Latency.P99)));
        var kinds = windows.SelectMany(window => window.Kinds).GroupBy(kind => kind.Key, StringComparer.Ordinal)
            .ToDictionary(kind => kind.Key, kind => kind.Sum(one => one.Value), StringComparer.Ordinal);
        Report.Say($"{name}: {string.Join(", ", kinds.Select(kind => $"{kind.Key} {kind.Value}"))}; p50 {p50:0.0} ms, p99 {p99:0.0} ms (medians of {Windows}), slowest {windows.Max(window => window.Latency.Max):0} ms; load average {Report.LoadAverage}");
        report.Add(name, new { kinds, p50, p99 });
    }

    private static async Task<Window> WindowAsync(string[] paths, int requests, Client client, CancellationToken cancellationToken)
    {
        var answers = new List<Task<(string Kind, double Milliseconds)>>(requests);
        var start = Stopwatch.GetTimestamp();
        foreach (var at in Arrivals.Constant(Rate).Take(requests))
        {
            var left = at - Stopwatch.GetElapsedTime(start);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, cancellationToken);
            }

            // Two gateways take turns, and the number of paths is even: one further in each round, so that each path meets the other one.
            var path = paths[(answers.Count + (answers.Count / paths.Length)) % paths.Length];
            answers.Add(AskAsync(new("book", HttpMethod.Get, path), at, start, client));
        }

        var all = await Task.WhenAll(answers);
        return new(
            all.GroupBy(answer => answer.Kind, StringComparer.Ordinal).ToDictionary(kind => kind.Key, kind => kind.Count(), StringComparer.Ordinal),
            Latency.Of(all.Select(answer => answer.Milliseconds)));
    }

    private static async Task<(string Kind, double Milliseconds)> AskAsync(Call call, TimeSpan at, long start, Client client)
    {
        using var patience = new CancellationTokenSource(s_patience);
        var (answer, _) = await client.SendAsync(call, patience.Token);
        var milliseconds = (Stopwatch.GetElapsedTime(start) - at).TotalMilliseconds;
        return (answer is { IsSuccess: true, IsDegraded: true } ? "degraded" : answer.IsSuccess ? "full" : answer.Kind, milliseconds);
    }

    private static double Median(IEnumerable<double> figures) => figures.Order().ElementAt(Windows / 2);

    private sealed record Window(IReadOnlyDictionary<string, int> Kinds, Latency Latency);
}
