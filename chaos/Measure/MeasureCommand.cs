using System.Globalization;
using System.Text.Json;
using Lms.Chaos.Cluster;
using Lms.Chaos.Load;

namespace Lms.Chaos.Measure;

/// <summary><c>chaos measure</c>: figures of a cluster of its own, which anybody can have again.</summary>
internal static class MeasureCommand
{
    public static async Task<int> RunAsync(MeasureArguments arguments)
    {
        var report = new Report(arguments.What);
        using var stop = new StopSignals();
        var measured = arguments.What switch
        {
            "failover" => Failover.KillAsync(arguments.Rounds ?? 20, report, stop.Token),
            "freeze" => Failover.FreezeAsync(arguments.Rounds ?? 10, report, stop.Token),
            "restart" => Restarts.OfAllSilosAsync(arguments.Rounds ?? 5, report, stop.Token),
            "orders" => Restarts.InEveryOrderAsync(report, stop.Token),
            "rolling" => UnderLoad.RollAsync(arguments.Rounds ?? 3, report, stop.Token),
            "soak" => UnderLoad.SoakAsync(TimeSpan.FromMinutes(arguments.Minutes), report, stop.Token),
            "degraded" => Degraded.RunAsync(report, stop.Token),
            "isolation" => Isolation.RunAsync(arguments.Rounds ?? 5, report, stop.Token),
            "overload" => Overload.RunAsync(report, stop.Token),
            "alerts" => Alerts.RunAsync(arguments.Divisor, report, stop.Token),
            var what => throw new UsageException($"{what} is nothing that can be measured", MeasureArguments.Usage),
        };
        try
        {
            await measured;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            Report.Say($"Stopped before its end.");
            return ExitCodes.Failed;
        }

        if (arguments.Json is { } file)
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(report.Figures, ClusterJson.Options), CancellationToken.None);
        }

        return report.IsSound ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>Runs something on a cluster in a new folder, which is deleted when it went well.</summary>
    public static Task WithClusterAsync(
        int silos, bool demo, Func<LocalCluster, Task> measureAsync, CancellationToken cancellationToken) =>
        WithClusterAsync(new() { Directory = "", Silos = silos, Demo = demo }, measureAsync, cancellationToken);

    /// <inheritdoc cref="WithClusterAsync(int, bool, Func{LocalCluster, Task}, CancellationToken)"/>
    public static async Task WithClusterAsync(
        ClusterOptions options, Func<LocalCluster, Task> measureAsync, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("lms-measure-");
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute; // for the user that PostgreSQL runs as
        }

        await using (var cluster = await LocalCluster.StartAsync(
            options with { Directory = folder.FullName }, cancellationToken))
        {
            await measureAsync(cluster);
        }

        folder.Delete(recursive: true);
    }
}

/// <summary>What is measured: lines for people, and the same figures for programs.</summary>
internal sealed class Report
{
    public Report(string what) => Figures["measured"] = what;

    public Dictionary<string, object> Figures { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// False once something was seen that may never be, such as a write that was acknowledged and is lost, or the figures are not those
    /// of the library, because the generator was late.
    /// </summary>
    public bool IsSound { get; private set; } = true;

    /// <summary>Of the last minute, from the kernel; empty where it does not say.</summary>
    public static string LoadAverage =>
        File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "";

    public static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    public void Add(string name, object figure) => Figures[name] = figure;

    public void Unsound(string why)
    {
        IsSound = false;
        Say($"UNSOUND: {why}");
    }

    /// <summary>A generator that was late has measured itself.</summary>
    public void JudgeLag(LoadResult result)
    {
        if (!result.IsValid)
        {
            Unsound(string.Create(
                CultureInfo.InvariantCulture, $"the generator was late by {result.Lag.P99:0.0} ms (99 %): it has measured itself"));
        }
    }
}
