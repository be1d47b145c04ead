using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Lms.Tests.Shared;

// A test project is called Process, too.
using Process = System.Diagnostics.Process;

/// <summary>How a server is to be started.</summary>
internal sealed record ServerStart
{
    /// <summary>With the demo library.</summary>
    public bool Demo { get; init; }

    /// <summary>The data directory; a fresh one, deleted afterwards, when null.</summary>
    public string? Data { get; init; }

    /// <summary>What the process is to do instead of serving, and with what.</summary>
    public string[] Command { get; init; } = [];

    public string Urls { get; init; } = "http://127.0.0.1:0";

    /// <summary>Environment variables.</summary>
    public Dictionary<string, string> Settings { get; init; } = new(StringComparer.Ordinal);
}

/// <summary>The server as a child process, started as a user would.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string ReadyLine = "Lms.Orleans listening on ";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(15);

    private readonly Process process;
    private readonly TempDirectory home;
    private readonly ConcurrentQueue<string> output = new();
    private readonly ConcurrentQueue<string> errors = new();
    private readonly TaskCompletionSource<Uri> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(ServerStart start)
    {
        home = new TempDirectory();
        Data = start.Data ?? Path.Combine(home.Path, "library");
        process = new Process { StartInfo = InfoOf(start, home.Path, Data), EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Read(line.Data, output);
        process.ErrorDataReceived += (_, line) => Read(line.Data, errors);
        process.Exited += (_, _) =>
            ready.TrySetException(new InvalidOperationException("The server ended while starting."));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Data { get; }

    /// <summary>Where it listens, once it is ready.</summary>
    public Uri Url { get; private set; } = new("http://127.0.0.1:0");

    public int Id => process.Id;

    /// <summary>True once it has said so.</summary>
    public bool IsReady => ready.Task.IsCompletedSuccessfully;

    /// <summary>The last lines of standard output.</summary>
    public IReadOnlyList<string> Output => [.. output];

    /// <summary>The last lines of standard error.</summary>
    public IReadOnlyList<string> Errors => [.. errors];

    /// <summary>Starts a server and waits until it is ready.</summary>
    public static async Task<ServerProcess> StartAsync(ServerStart start)
    {
        var server = Launch(start);
        try
        {
            await server.BecomesReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server and waits for nothing.</summary>
    public static ServerProcess Launch(ServerStart start) => new(start);

    public async Task BecomesReadyAsync()
    {
        try
        {
            Url = await ready.Task.WaitAsync(StartTimeout, TestContext.Current.CancellationToken);
        }
        catch (Exception fault) when (fault is TimeoutException or InvalidOperationException)
        {
            throw new InvalidOperationException($"{fault.Message} Its output:\n{Everything()}", fault);
        }
    }

    /// <summary>Waits until the process ends by itself, and answers its exit code.</summary>
    public async Task<int> ExitsAsync()
    {
        // Also waits for the last of its output.
        await process.WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(StartTimeout, TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    /// <summary>Ends this one process at once: it gets no chance to finish anything.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Asks the process to end, as a service manager does, and waits until it has.</summary>
    public async Task StopAsync()
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

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        catch (InvalidOperationException)
        {
            // It has just gone.
        }

        process.Dispose();
        home.Dispose();
    }

    public string Everything() => string.Join('\n', Output.Concat(Errors));

    private static ProcessStartInfo InfoOf(ServerStart start, string home, string data)
    {
        var info = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = home,
        };
        string[] arguments =
        [
            ServerAssembly(), .. start.Command, .. start.Demo ? ["--demo"] : Array.Empty<string>(), "--data", data,
            .. start.Command.Length == 0 ? ["--urls", start.Urls] : Array.Empty<string>(),
        ];
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        // Several servers of several test projects may run on this machine at once.
        info.Environment["Lms__InternalUrls"] =
            string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}");
        info.Environment["Lms__SiloPort"] = FreePort().ToString(CultureInfo.InvariantCulture);
        info.Environment["Lms__GatewayPort"] = FreePort().ToString(CultureInfo.InvariantCulture);
        info.Environment["Lms__Passwords__MemoryKiB"] = "1024";
        info.Environment["Lms__Passwords__Passes"] = "1";

        // All tests come from one address, and many are one user.
        foreach (var limit in (string[])["SignedInPerSecond", "SignedInBurst", "AnonymousPerSecond", "AnonymousBurst"])
        {
            info.Environment[$"Lms__RateLimits__{limit}"] = "100000";
        }

        foreach (var (name, value) in start.Settings)
        {
            info.Environment[name] = value;
        }

        return info;
    }

    private void Read(string? line, ConcurrentQueue<string> lines)
    {
        if (line is null)
        {
            return;
        }

        lines.Enqueue(line);
        while (lines.Count > 2_000)
        {
            lines.TryDequeue(out _);
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
        return Path.Combine(Repository.Root, "artifacts", "bin", "ApiFrontend", tests.Name, "ApiFrontend.dll");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
