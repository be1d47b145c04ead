using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lms.ServiceDefaults;

/// <summary>
/// A host within the process, which starts in the background and is made anew until it runs: the web host around it
/// answers meanwhile, and never ends because of what it waits for.
/// </summary>
/// <param name="name">For people who read the log.</param>
/// <param name="buildAsync">Makes the host; may wait or throw until what it needs is there.</param>
public sealed partial class InnerHost(string name, Func<CancellationToken, Task<IHost>> buildAsync, ILogger<InnerHost> logger)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_maxDelay = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;
    private volatile IHost? _host;

    /// <summary>What the host offers; null until it runs.</summary>
    public IServiceProvider? Services => IsRunning ? _host?.Services : null;

    public bool IsRunning => _started.Task.IsCompletedSuccessfully && !_stopping.IsCancellationRequested;

    /// <summary>Completes when it runs.</summary>
    public Task Started => _started.Task;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = RunAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_host is { } host)
        {
            await host.StopAsync(cancellationToken);
            host.Dispose();
        }
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var delay = s_firstDelay; ; delay = delay * 2 < s_maxDelay ? delay * 2 : s_maxDelay)
        {
            IHost? host = null;
            try
            {
                host = await buildAsync(cancellationToken);
                await host.StartAsync(cancellationToken);
                _host = host;
                _started.TrySetResult();
                LogRunning(name);
                return;
            }
            catch (Exception exception)
            {
                host?.Dispose();
                cancellationToken.ThrowIfCancellationRequested();
                LogNotStarted(name, exception.GetBaseException().Message);
                LogDetails(exception);
            }

            await Task.Delay(delay, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The {Host} runs")]
    private partial void LogRunning(string host);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Host} does not start yet, and is tried again: {Reason}")]
    private partial void LogNotStarted(string host, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Why it did not start")]
    private partial void LogDetails(Exception exception);
}

/// <summary>For a host within a host: the outer one knows when to stop.</summary>
public sealed class InnerLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
