using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Lms.Contract.Tests;

/// <summary>
/// The server as a child process on a fresh data directory: started as a user would, ended by SIGTERM.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string ReadyLine = "Lms.Orleans listening on ";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(15);

    private readonly Process process;
    private readonly string directory;
    private readonly ConcurrentQueue<string> output = new();
    private readonly TaskCompletionSource<Uri> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process, string directory)
    {
        this.process = process;
        this.directory = directory;
    }

    public Uri Url { get; private set; } = new("http://127.0.0.1:0");

    public static async Task<ServerProcess> StartAsync(
        bool demo, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var home = Directory.CreateTempSubdirectory("lms-contract-").FullName;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = home,
        };
        string[] arguments =
        [
            ServerAssembly(), .. demo ? ["--demo"] : Array.Empty<string>(),
            "--data", Path.Combine(home, "library"), "--urls", "http://127.0.0.1:0",
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // Several servers of several test projects may run on this machine at once.
        start.Environment["Lms__InternalUrls"] =
            string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}");
        start.Environment["Lms__SiloPort"] = FreePort().ToString(CultureInfo.InvariantCulture);
        start.Environment["Lms__GatewayPort"] = FreePort().ToString(CultureInfo.InvariantCulture);
        start.Environment["Lms__Passwords__MemoryKiB"] = "1024";
        start.Environment["Lms__Passwords__Passes"] = "1";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var server = new ServerProcess(new Process { StartInfo = start, EnableRaisingEvents = true }, home);
        try
        {
            await server.RunAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        catch (InvalidOperationException)
        {
            // It never started or has just gone.
        }

        process.Dispose();
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (IOException)
        {
            // A killed server may still hold a file on some systems; the temporary folder is the system's to sweep.
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Exited += (_, _) =>
            ready.TrySetException(new InvalidOperationException("The server ended while starting."));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        try
        {
            Url = await ready.Task.WaitAsync(StartTimeout, cancellationToken);
        }
        catch (Exception fault) when (fault is TimeoutException or InvalidOperationException)
        {
            throw new InvalidOperationException($"{fault.Message} Its output:\n{string.Join('\n', output)}", fault);
        }
    }

    private async Task StopAsync()
    {
        if (process.HasExited)
        {
            return;
        }

        if (!OperatingSystem.IsWindows())
        {
            using var signal = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await signal.WaitForExitAsync(CancellationToken.None);
            try
            {
                await process.WaitForExitAsync(CancellationToken.None).WaitAsync(StopTimeout, CancellationToken.None);
                return;
            }
            catch (TimeoutException)
            {
                // Asked politely; now it must go.
            }
        }

        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        output.Enqueue(line);
        while (output.Count > 2_000)
        {
            output.TryDequeue(out _);
        }

        var at = line.IndexOf(ReadyLine, StringComparison.Ordinal);
        if (at >= 0 && Uri.TryCreate(line[(at + ReadyLine.Length)..].Trim(), UriKind.Absolute, out var url))
        {
            ready.TrySetResult(url);
        }
    }

    private static string ServerAssembly()
    {
        var tests = new DirectoryInfo(AppContext.BaseDirectory);
        var root = tests;
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Lms.Orleans.sln")))
        {
            root = root.Parent;
        }

        return root is null
            ? throw new InvalidOperationException("No Lms.Orleans.sln above the tests.")
            : Path.Combine(root.FullName, "artifacts", "bin", "ApiFrontend", tests.Name, "ApiFrontend.dll");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
