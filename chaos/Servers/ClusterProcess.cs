using System.Diagnostics;

namespace Lms.Chaos.Servers;

/// <summary>A process of the local cluster, which may be stopped, killed, frozen and started again.</summary>
public abstract class ClusterProcess(string name, string role, string log) : IAsyncDisposable
{
    private ChildProcess? _child;

    /// <summary>For example silo-1.</summary>
    public string Name { get; } = name;

    /// <summary>For example silo; the roles of cluster.json.</summary>
    public string Role { get; } = role;

    public string Log { get; } = log;

    /// <summary>By what they are for.</summary>
    public abstract IReadOnlyDictionary<string, int> Ports { get; }

    /// <summary>Of the process that owns the ports; of the last one when none runs.</summary>
    public int ProcessId { get; private set; }

    public bool IsRunning => _child is { HasExited: false };

    public bool IsFrozen { get; private set; }

    /// <summary>True from its start until somebody asks it to end. One that should run and does not has died.</summary>
    public bool ShouldRun { get; private set; }

    /// <summary>Raised when the process has another id.</summary>
    public event EventHandler? Started;

    /// <summary>How long it may take to become ready.</summary>
    protected virtual TimeSpan StartPatience => TimeSpan.FromSeconds(60);

    /// <summary>How long it may take to end when asked.</summary>
    protected virtual TimeSpan StopPatience => TimeSpan.FromSeconds(10);

    protected virtual Signal StopSignal => Signal.Terminate;

    /// <summary>Starts the process and waits for nothing.</summary>
    public async Task LaunchAsync(CancellationToken cancellationToken = default)
    {
        _child?.Dispose();
        _child = null;
        IsFrozen = false;
        _child = await StartChildAsync(cancellationToken);
        ProcessId = _child.Id;
        ShouldRun = true;
        Started?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>Starts the process and waits until it is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await LaunchAsync(cancellationToken);
        await BecomesReadyAsync(cancellationToken);
    }

    /// <summary>Waits until it is ready; throws <see cref="NotReadyException"/> when it ends or takes too long.</summary>
    public async Task BecomesReadyAsync(CancellationToken cancellationToken = default)
    {
        var waited = Stopwatch.StartNew();
        while (!await IsReadyAsync(cancellationToken))
        {
            if (!IsRunning)
            {
                throw new NotReadyException(this, _child is null ? "was not started" : $"ended with exit code {_child.ExitCode}");
            }

            if (waited.Elapsed > StartPatience)
            {
                throw new NotReadyException(this, $"was not ready after {StartPatience.TotalSeconds:0} s");
            }

            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>Asks once, and does not wait long for the answer.</summary>
    public abstract Task<bool> IsReadyAsync(CancellationToken cancellationToken = default);

    /// <summary>Asks it to end, waits until it has, and ends it when it takes too long.</summary>
    public virtual async Task StopAsync()
    {
        ShouldRun = false;
        if (_child is { } child)
        {
            await child.StopAsync(StopPatience, StopSignal);
        }
    }

    /// <summary>Ends it as a crash does. What restarts dead processes leaves it alone.</summary>
    public async Task KillAsync()
    {
        ShouldRun = false;
        await CrashAsync();
    }

    /// <summary>Ends it as a crash does. What restarts dead processes restarts it.</summary>
    public async Task CrashAsync()
    {
        if (_child is { } child)
        {
            child.Signal(Signal.Kill);
            await child.WaitForExitAsync();
        }
    }

    /// <summary>SIGSTOP: it keeps its connections and answers nothing.</summary>
    public void Freeze()
    {
        IsFrozen = true;
        _child?.SignalAll(Signal.Stop);
    }

    public void Thaw()
    {
        _child?.SignalAll(Signal.Continue);
        IsFrozen = false;
    }

    public void Send(Signal signal) => _child?.Signal(signal);

    public Task WaitForExitAsync(CancellationToken cancellationToken = default) =>
        _child?.WaitForExitAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _child?.Dispose();
        _child = null;
        GC.SuppressFinalize(this);
    }

    public override string ToString() => $"{Name} (process {ProcessId})";

    protected abstract Task<ChildProcess> StartChildAsync(CancellationToken cancellationToken);
}

/// <summary>A process did not become ready. The message says which one, why, and how its log ends.</summary>
public sealed class NotReadyException(ClusterProcess process, string what)
    : ClusterException($"{process.Name} {what}. The end of {process.Log}:\n{LogTail.Of(process.Log)}");

/// <summary>The local cluster cannot be what it was to be. The message says why.</summary>
public class ClusterException(string message) : Exception(message);

/// <summary>How a log ends.</summary>
public static class LogTail
{
    public static string Of(string log, int lines = 25) => File.Exists(log)
        ? string.Join('\n', File.ReadLines(log).TakeLast(lines))
        : "(there is no log)";
}
