using Lms.Chaos.Cluster;

namespace Lms.Chaos.Up;

/// <summary><c>chaos up</c>: a local cluster for as long as this process lives.</summary>
internal static class UpCommand
{
    public static async Task<int> RunAsync(UpArguments arguments)
    {
        using var stop = new StopSignals();
        try
        {
            await using var cluster = await LocalCluster.StartAsync(OptionsOf(arguments), stop.Token);
            var watch = arguments.Restart ? new Supervisor(cluster).RunAsync(stop.Token) : Task.CompletedTask;
            if (Console.IsOutputRedirected)
            {
                Console.WriteLine("ready");
                await stop.WaitAsync();
            }
            else
            {
                await new StatusScreen(cluster).ShowAsync(stop.Token);
            }

            await watch;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            // Asked to stop before everything was ready.
        }

        return ExitCodes.Done;
    }

    private static ClusterOptions OptionsOf(UpArguments arguments) => new()
    {
        Directory = arguments.Directory,
        Silos = arguments.Silos,
        Gateways = arguments.Gateways,
        HttpPort = arguments.Port,
        Demo = arguments.Demo,
        Replica = arguments.Replica,
        Binaries = arguments.Binaries,
    };
}
