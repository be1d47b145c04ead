using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Lms.Chaos.Servers;

/// <summary>A process of the local cluster: a child, which ends when this process does, however that ends.</summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    /// <summary>Of the program itself: what starts it replaces itself by it.</summary>
    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a program whose output is appended to <paramref name="log"/>.</summary>
    /// <param name="program">A name in the PATH, or a path.</param>
    /// <param name="arguments">What it is told.</param>
    /// <param name="log">A file that this process may write.</param>
    /// <param name="environment">Variables besides this process's own.</param>
    /// <param name="user">Whom it runs as; this process's user when null.</param>
    /// <param name="orphaned">What the kernel sends it when this process is gone. Only a kill ends one that is stopped.</param>
    public static async Task<ChildProcess> StartAsync(
        string program,
        IEnumerable<string> arguments,
        string log,
        IReadOnlyDictionary<string, string>? environment = null,
        string? user = null,
        Signal orphaned = Servers.Signal.Kill)
    {
        var start = new ProcessStartInfo("setsid") { UseShellExecute = false, RedirectStandardInput = true };
        string[] asUser = user is null ? [] : ["--reuid", user, "--regid", user, "--init-groups"];
        string[] line =
        [
            // A session of its own: Ctrl-C in the terminal is for this process, which stops its children in order.
            "sh", "-c", "exec \"$@\" >>\"$LMS_CHILD_LOG\" 2>&1", "sh",
            "setpriv", .. asUser, "--pdeathsig", NameOf(orphaned),
            program, .. arguments,
        ];
        foreach (var argument in line)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["LMS_CHILD_LOG"] = log;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new(await Launcher.StartAsync(start));
    }

    /// <summary>Sends a signal to a process that may have ended already.</summary>
    public void Signal(Signal signal)
    {
        if (!_process.HasExited)
        {
            Send(signal, _process.Id);
        }
    }

    /// <summary>Sends a signal to it and to what it has started.</summary>
    public void SignalAll(Signal signal)
    {
        if (!_process.HasExited)
        {
            foreach (var process in new[] { Id }.Concat(ChildrenOf(Id)))
            {
                Send(signal, process);
            }
        }
    }

    public Task WaitForExitAsync(CancellationToken cancellationToken = default) =>
        _process.WaitForExitAsync(cancellationToken);

    /// <summary>Asks it to end with <paramref name="signal"/>, and ends it after <paramref name="patience"/>.</summary>
    public async Task StopAsync(TimeSpan patience, Signal signal = Servers.Signal.Terminate)
    {
        SignalAll(Servers.Signal.Continue);
        Signal(signal);
        try
        {
            await _process.WaitForExitAsync().WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            Signal(Servers.Signal.Kill);
            await _process.WaitForExitAsync();
        }
    }

    public void Dispose()
    {
        Signal(Servers.Signal.Kill);
        _process.Dispose();
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"process {Id}");

    private static string NameOf(Signal signal) => signal switch
    {
        Servers.Signal.Kill => "KILL",
        Servers.Signal.Quit => "QUIT",
        Servers.Signal.Terminate => "TERM",
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, "It does not end a process for sure."),
    };

    private static void Send(Signal signal, int process) => _ = Kill(process, (int)signal);

    private static IEnumerable<int> ChildrenOf(int process)
    {
        try
        {
            var id = process.ToString(CultureInfo.InvariantCulture);
            return File.ReadAllText($"/proc/{id}/task/{id}/children")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(child => int.Parse(child, CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return []; // It has just ended.
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    /// <summary>
    /// Starts children on a thread that lives as long as this process: the kernel tells a child that its parent is gone
    /// when the thread that made it ends, and threads of a pool come and go.
    /// </summary>
    private static class Launcher
    {
        private static readonly BlockingCollection<Action> s_work = [];

        static Launcher() => new Thread(Run) { IsBackground = true, Name = "launcher" }.Start();

        public static Task<Process> StartAsync(ProcessStartInfo start)
        {
            var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
            s_work.Add(() =>
            {
                try
                {
                    started.SetResult(Process.Start(start)!);
                }
                catch (Exception exception)
                {
                    started.SetException(exception);
                }
            });
            return started.Task;
        }

        private static void Run()
        {
            foreach (var action in s_work.GetConsumingEnumerable())
            {
                action();
            }
        }
    }
}

/// <summary>Signals of Linux, by number.</summary>
public enum Signal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
