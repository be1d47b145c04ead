using System.Diagnostics;
using System.Globalization;
using Lms.Chaos.Cluster;
using Lms.Chaos.Load;
using Lms.Chaos.Servers;

namespace Lms.Chaos.Measure;

/// <summary>Whether the alerts of the chart are raised by the faults that they are for, in a Prometheus that watches a real cluster.</summary>
internal static class Alerts
{
    private const string Watchdog = "LmsWatchdog";
    private const double Rate = 40;

    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(45);

    // The longest waits for half an hour.
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <param name="divisor">What takes minutes in the rules takes so many times less here.</param>
    /// <param name="report">What was seen.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task RunAsync(int divisor, Report report, CancellationToken cancellationToken) => MeasureCommand.WithClusterAsync(
        new()
        {
            Directory = "",
            Silos = 3,
            Demo = true,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["Lms__Journal__MaxEntries"] = "20" },
        },
        async cluster =>
        {
            var rules = AlertRules.Faster(AlertRules.OfChart, divisor);
            await using var prometheus = new PrometheusServer(
                Path.Combine(Path.GetDirectoryName(cluster.ClusterFilePath)!, "prometheus"),
                cluster.Silos.Select(silo => (new Uri(silo.InternalUrl), "silo-shared"))
                    .Concat(cluster.Gateways.Select(gateway => (new Uri(gateway.InternalUrl), "gateway"))),
                rules);
            await prometheus.StartAsync(cancellationToken);
            await using var load = await LoadRun.StartAsync(new() { Urls = cluster.Urls, Rate = Rate }, cancellationToken);
            var campaign = new Campaign(cluster, prometheus, s_longest / divisor + s_patience, report);
            await campaign.IsQuietAsync(cancellationToken);
            await campaign.RunAsync(cancellationToken);

            string[] never = [.. AlertRules.NamesIn(rules).Except(campaign.Raised, StringComparer.Ordinal)];
            Report.Say($"{campaign.Raised.Count} alerts were raised, times divided by {divisor}; never raised: {(never is [] ? "none" : string.Join(", ", never))}");
            report.Add("divisor", divisor);
            report.Add("never", never);

            // Of the load itself nothing is asked: most of it was sent while something was missing.
            await load.FinishAsync();
        },
        cancellationToken);

    /// <summary>The faults, one after the other.</summary>
    private sealed class Campaign(LocalCluster cluster, PrometheusServer prometheus, TimeSpan patience, Report report)
    {
        public HashSet<string> Raised { get; } = new(StringComparer.Ordinal);

        /// <summary>While nothing is wrong nothing is raised, or else what is raised later says nothing.</summary>
        public async Task IsQuietAsync(CancellationToken cancellationToken)
        {
            var watched = Stopwatch.StartNew();
            while (watched.Elapsed < s_quiet)
            {
                if ((await prometheus.FiringAsync(cancellationToken)).Where(alert => alert != Watchdog).ToList() is [var alert, ..])
                {
                    report.Unsound($"{alert} is raised while nothing is wrong");
                }

                await Task.Delay(1_000, cancellationToken);
            }

            if (!(await prometheus.FiringAsync(cancellationToken)).Contains(Watchdog))
            {
                report.Unsound($"{Watchdog} is silent");
            }
        }

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            using var administrator = await SignInAsync(ClusterSecrets.AdminUsername, cluster.AdminPassword, cancellationToken);
            using var librarian = await SignInAsync(DemoLibrary.Librarian, DemoLibrary.LibrarianPassword, cancellationToken);

            await cluster.Membership.WipeAsync();
            await RaisesAsync("the membership Redis loses its table", ["LmsMembershipStoreLost"], NothingAsync, cancellationToken);

            await RaisesAsync("a silo stutters", ["LmsHedgesHigh", "LmsDegradedShareHigh"], _ => StutterAsync(), cancellationToken);

            await Task.WhenAll(cluster.Silos.Skip(1).Select(silo => silo.KillAsync()));
            await RaisesAsync("one silo is left", ["LmsSiloRedundancyLost"], NothingAsync, cancellationToken);

            await cluster.Silos[0].KillAsync();
            await RaisesAsync(
                "no silo is left",
                [
                    "LmsErrorBudgetBurnFast", "LmsErrorBudgetBurnSlow", "LmsCascadingFailure", "LmsRetryAmplification",
                    "LmsBreakerFlapping", "LmsJournalBacklog", "LmsJournalRefusing",
                ],
                token => ReturnAsync(librarian, token),
                cancellationToken);

            await cluster.Postgres.StopImmediatelyAsync();
            await RaisesAsync("PostgreSQL is gone as well", ["LmsRevocationsOld"], NothingAsync, cancellationToken);

            await cluster.Postgres.StartAsync(cancellationToken);
            await Task.WhenAll(cluster.Silos.Select(silo => silo.StartAsync(cancellationToken)));

            await ReadModelAsync("REVOKE", "FROM", cancellationToken);
            await RaisesAsync("silos may not write the read model", ["LmsProjectionFailed"], NothingAsync, cancellationToken);
            await ReadModelAsync("GRANT", "TO", cancellationToken);

            await using (await LoadRun.StartAsync(
                new() { Urls = cluster.Urls, Rate = 1_500, Timeout = TimeSpan.FromSeconds(1), Books = 20, Readers = 10 }, cancellationToken))
            {
                await RaisesAsync("more is asked than can be done", ["LmsLoadShedding"], NothingAsync, cancellationToken);
            }

            await SetBreakerAsync(administrator, "isolated", cancellationToken);
            await RaisesAsync("a breaker is opened by hand and forgotten", ["LmsBreakerIsolated"], NothingAsync, cancellationToken);
            await SetBreakerAsync(administrator, "closed", cancellationToken);
        }

        /// <summary>Waits until a fault has raised its alerts.</summary>
        /// <param name="fault">For the report.</param>
        /// <param name="alerts">What it is to raise.</param>
        /// <param name="goOnAsync">What has to be done again and again while it is waited for.</param>
        /// <param name="cancellationToken">Ends it.</param>
        private async Task RaisesAsync(
            string fault, IReadOnlyList<string> alerts, Func<CancellationToken, Task> goOnAsync, CancellationToken cancellationToken)
        {
            if ((await prometheus.FiringAsync(cancellationToken)).Intersect(alerts, StringComparer.Ordinal).ToList() is [var early, ..])
            {
                report.Unsound($"{early} is raised before its fault: {fault}");
            }

            var waited = Stopwatch.StartNew();
            var after = new Dictionary<string, double>(StringComparer.Ordinal);
            while (after.Count < alerts.Count && waited.Elapsed < patience)
            {
                await goOnAsync(cancellationToken);
                var firing = await prometheus.FiringAsync(cancellationToken);
                Raised.UnionWith(firing);
                foreach (var alert in alerts.Where(firing.Contains))
                {
                    after.TryAdd(alert, waited.Elapsed.TotalSeconds);
                }

                await Task.Delay(200, cancellationToken);
            }

            Report.Say($"{fault}: {string.Join(", ", after.Select(alert => string.Create(CultureInfo.InvariantCulture, $"{alert.Key} after {alert.Value:0} s")))}; load average {Report.LoadAverage}");
            report.Add(fault, after);
            if (alerts.Except(after.Keys, StringComparer.Ordinal).ToList() is { Count: > 0 } missing)
            {
                report.Unsound($"{fault}, and {string.Join(", ", missing)} is not raised");
            }
        }

        // Not so long that it is taken for dead.
        private async Task StutterAsync()
        {
            cluster.Silos[^1].Freeze();
            await Task.Delay(400, CancellationToken.None);
            cluster.Silos[^1].Thaw();
        }

        private Task ReadModelAsync(string what, string whose, CancellationToken cancellationToken) => cluster.Postgres.ExecuteAsync(
            $"{what} INSERT, UPDATE ON books {whose} lms", cancellationToken, LocalCluster.Database);

        /// <summary>Books that nobody has lent come back; a librarian decides about them when the library is there again.</summary>
        private static Task<(Answer Answer, Uri Url)> ReturnAsync(Client librarian, CancellationToken cancellationToken)
        {
            var copy = Guid.NewGuid().ToString("N")[..12];
            return librarian.SendAsync(
                new("return", HttpMethod.Post, "/api/returns") { Body = new { barcode = copy }, Key = copy }, cancellationToken);
        }

        private async Task<Client> SignInAsync(string username, string password, CancellationToken cancellationToken)
        {
            var client = new Client([cluster.Urls[0]]);
            client.Token = await client.SignInAsync(username, password, cancellationToken)
                ?? throw new LoadException($"{username} cannot sign in.");
            return client;
        }

        private static async Task SetBreakerAsync(Client administrator, string state, CancellationToken cancellationToken)
        {
            var (answer, _) = await administrator.SendAsync(
                new("breaker", HttpMethod.Put, "/api/admin/breakers/authors/write") { Body = new { state } }, cancellationToken);
            if (!answer.IsSuccess)
            {
                throw new LoadException($"The breaker cannot be {state}: {answer.Kind}");
            }
        }

        private static Task NothingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
