using System.Runtime.InteropServices;
using Lms.Chaos.Cluster;

namespace Lms.Chaos.Up;

/// <summary><c>chaos up</c>: a local cluster for as long as this process lives.</summary>
internal static class UpCommand
{
    public static async Task<int> RunAsync(UpArguments arguments)
    {
        if (arguments.Replica)
        {
            await Console.Error.WriteLineAsync("--replica: not yet");
            return ExitCodes.Usage;
        }

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
        Binaries = arguments.Binaries,
    };

    /// <summary>Ctrl-C, SIGTERM and the terminal that was closed: all mean to stop in order.</summary>
    private sealed class StopSignals : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly PosixSignalRegistration[] _registrations;

        public StopSignals() => _registrations =
        [
            .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }
                .Select(signal => PosixSignalRegistration.Create(signal, context =>
                {
                    context.Cancel = true;
                    _stop.Cancel();
                })),
        ];

        public CancellationToken Token => _stop.Token;

        public async Task WaitAsync()
        {
            var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = Token.Register(stopped.SetResult);
            await stopped.Task;
        }

        public void Dispose()
        {
            foreach (var registration in _registrations)
            {
                registration.Dispose();
            }

            _stop.Dispose();
        }
    }
}
