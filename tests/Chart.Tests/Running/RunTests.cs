using System.Globalization;
using k8s.Models;

namespace Lms.Chart.Tests.Running;

/// <summary>What is rendered, run on this machine: commands, environment, users, mounts, ports and probes of the chart.</summary>
public sealed class RunTests(Release release) : IClassFixture<Release>, IAsyncLifetime
{
    private static readonly TimeSpan s_testPatience = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await release.StartAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void The_hook_migrates_the_database_as_the_owner_of_the_tables() =>
        Assert.Contains("The schema is up to date.", release.Migration, StringComparison.Ordinal);

    [Fact]
    public async Task Silos_of_all_pools_and_gateways_pass_their_probes()
    {
        Assert.Equal(["gateway", "silo-lendings", "silo-shared"], release.Library.Select(pod => pod.Workload.Component).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        foreach (var pod in release.Library)
        {
            await pod.PassesAsync(pod.Container.StartupProbe);
            await pod.PassesAsync(pod.Container.ReadinessProbe);
            await pod.PassesAsync(pod.Container.LivenessProbe);
        }
    }

    [Fact]
    public void A_gateway_tells_clients_of_the_port_that_is_for_them()
    {
        var gateway = release.Library.First(pod => pod.Workload.Role == "gateway");
        var port = gateway.Container.Ports.Single(port => port.Name == "http").ContainerPort;

        var told = gateway.Log.Split('\n').Where(line => line.StartsWith("Lms.Orleans listening on ", StringComparison.Ordinal));

        Assert.EndsWith(string.Create(CultureInfo.InvariantCulture, $":{port}"), Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_test_of_the_release_lends_a_book_and_takes_it_back()
    {
        using var pod = await release.StartPodAsync(release.Rendered, release.Rendered.Workloads.Single(workload => workload.Component == "test"));

        var exitCode = await pod.EndsAsync(s_testPatience);

        Assert.True(exitCode == 0, pod.Log);
        Assert.Contains("A book was lent and returned.", pod.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Processes_may_nothing_and_write_only_where_the_chart_lets_them()
    {
        foreach (var pod in release.Library)
        {
            var process = string.Create(CultureInfo.InvariantCulture, $"/proc/{pod.ProcessId}");
            var status = (await File.ReadAllLinesAsync($"{process}/status", Cancellation)).Select(line => line.Split(':', 2)).ToDictionary(line => line[0], line => line[1].Trim(), StringComparer.Ordinal);
            var writable = (await File.ReadAllLinesAsync($"{process}/mountinfo", Cancellation)).Select(line => line.Split(' '))
                .Where(mount => mount[5].Split(',').Contains("rw", StringComparer.Ordinal)).Select(mount => mount[4]);

            Assert.Equal(["10654", "10654", "10654", "10654"], status["Uid"].Split('\t'));
            Assert.Equal(("1", 0UL), (status["NoNewPrivs"], ulong.Parse(status["CapBnd"], NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
            Assert.Equal(Volumes.Writable(pod.Workload).Order(StringComparer.Ordinal), writable.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void A_gateway_keeps_the_signing_keys_where_they_outlive_its_container()
    {
        var gateway = release.Library.First(pod => pod.Workload.Role == "gateway");
        var file = gateway.Container.Env.Single(variable => variable.Name == "Lms__Keys__File").Value;

        Assert.Contains(Volumes.Writable(gateway.Workload), folder => file.StartsWith(folder + "/", StringComparison.Ordinal));
        Assert.True(File.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{gateway.ProcessId}/root{file}")), gateway.Log);
    }

    // A silo of a set, and a gateway with a journal on a volume of its own.
    [Theory]
    [InlineData("silo-shared")]
    [InlineData("gateway")]
    public async Task A_pod_that_is_taken_away_ends_before_its_time_is_up(string component)
    {
        var rendered = await Release.RenderAsync("gateway.journal.enabled=true");
        using var pod = await release.StartPodAsync(rendered, rendered.Library.Single(workload => workload.Component == component));
        await pod.PassesAsync(pod.Container.StartupProbe);
        await pod.PassesAsync(pod.Container.ReadinessProbe);

        pod.Terminate();
        var grace = pod.Workload.Pod.TerminationGracePeriodSeconds!.Value - (pod.Container.Lifecycle?.PreStop.Sleep.Seconds ?? 0);
        var exitCode = await pod.EndsAsync(TimeSpan.FromSeconds(grace));

        Assert.True(exitCode == 0, pod.Log);
    }
}
