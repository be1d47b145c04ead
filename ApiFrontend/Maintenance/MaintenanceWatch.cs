using Lms.ApiFrontend.Resilience;
using Lms.Grains.Abstractions.Maintenance;

namespace Lms.ApiFrontend.Maintenance;

/// <summary>What is announced, in memory: no request waits for it, and it stays in force while the silos are away.</summary>
internal sealed partial class MaintenanceWatch(
    IGrainFactory grains, GrainCalls calls, TimeProvider clock, ILogger<MaintenanceWatch> logger) : BackgroundService
{
    /// <summary>At other gateways an announcement is in force after this time, and that of the call.</summary>
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(2);

    /// <summary>After a call that failed: silos of an older release have no answer, and must not be taken to be broken for it.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private MaintenanceNotice _current = MaintenanceNotice.Off;
    private int _announced;
    private bool _isSilent;

    /// <summary>As last known. Never waits.</summary>
    public MaintenanceNotice Current
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    public bool IsOn => Current.Mode != MaintenanceMode.Off;

    /// <summary>Puts in force at once what was announced here.</summary>
    public void Announce(MaintenanceNotice notice)
    {
        lock (_lock)
        {
            (_current, _announced) = (notice, _announced + 1);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await RefreshAsync(stoppingToken);
            await Task.Delay(_isSilent ? s_pause : s_refresh, clock, stoppingToken);
        }
    }

    internal async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var before = _announced;
        try
        {
            var notice = await calls.ReadAsync(grains.Maintenance(), (grain, token) => grain.GetAsync(token), cancellationToken);
            _isSilent = false;
            lock (_lock)
            {
                // What was announced here while the question was on its way is newer than the answer.
                _current = before == _announced ? notice : _current;
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, silos of an older release among it: it is asked again.
            if (!_isSilent)
            {
                _isSilent = true;
                LogSilent(exception);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nobody tells what is announced; what is known stays in force")]
    private partial void LogSilent(Exception exception);
}
