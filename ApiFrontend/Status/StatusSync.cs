using System.Collections.Concurrent;
using System.Data.Common;
using Lms.ServiceDefaults;

namespace Lms.ApiFrontend.Status;

/// <summary>
/// Every two seconds: tells the other gateways what this one counted and saw, and learns what they did. What cannot be told
/// waits in memory.
/// </summary>
internal sealed partial class StatusSync(
    RequestCounts counts,
    IncidentReports incidents,
    SharedStatus shared,
    TimeProvider clock,
    ILogger<StatusSync> logger,
    IStatusStore? store = null) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(2);

    /// <summary>A database that takes longer for all of it is taken to be away.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>For the last minute of a gateway that ends.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_keep = TimeSpan.FromDays(31);
    private static readonly TimeSpan s_cleanEvery = TimeSpan.FromHours(1);

    // Of each window what the shorter ones do not have.
    private readonly ConcurrentDictionary<string, CountedWindow> _older = new(StringComparer.Ordinal);

    private DateTimeOffset _cleanedAt = DateTimeOffset.MinValue;
    private bool _isSilent;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (store is not null)
        {
            // The requests of the last two seconds are not worth a longer wait.
            await TryAsync(token => WriteAsync(store, token), s_farewell, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, clock);
        await timer.RepeatAsync(SyncAsync, logger, stoppingToken);
    }

    internal async Task SyncAsync(CancellationToken cancellationToken)
    {
        if (store is null || !await TryAsync(token => SyncAsync(store, token), s_patience, cancellationToken))
        {
            incidents.RaiseAlone();
        }
    }

    private async Task SyncAsync(IStatusStore status, CancellationToken cancellationToken)
    {
        await incidents.ShareAsync(status, cancellationToken);
        await WriteAsync(status, cancellationToken);
        var now = clock.GetUtcNow();
        var windows = await CountAsync(status, now, cancellationToken);
        shared.Learn(windows, await status.RecentAsync(StatusReport.Incidents, cancellationToken));
        if (now - _cleanedAt >= s_cleanEvery)
        {
            await status.DeleteBeforeAsync(now - s_keep, cancellationToken);
            _cleanedAt = now;
        }
    }

    // Each window is the one before and what is older, so that the month never lacks what the hour has.
    private async Task<IReadOnlyDictionary<string, CountedWindow>> CountAsync(
        IStatusStore status, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var windows = new Dictionary<string, CountedWindow>(StringComparer.Ordinal);
        var sum = new Dictionary<string, RequestTotals>(StringComparer.Ordinal);
        var newer = TimeSpan.Zero;
        foreach (var window in Window.All)
        {
            if (!(_older.GetValueOrDefault(window.Name) is { } known && now - known.At < window.Refresh))
            {
                known = new(await status.CountAsync(now - window.Length, now - newer, cancellationToken), now);
                _older[window.Name] = known;
            }

            foreach (var (service, totals) in known.Services)
            {
                sum[service] = sum.GetValueOrDefault(service) + totals;
            }

            windows[window.Name] = new(new Dictionary<string, RequestTotals>(sum, StringComparer.Ordinal), now);
            newer = window.Length;
        }

        return windows;
    }

    private async Task WriteAsync(IStatusStore status, CancellationToken cancellationToken)
    {
        if (counts.Unwritten() is { Count: > 0 } unwritten)
        {
            await status.WriteAsync(unwritten, cancellationToken);
            counts.Written(unwritten);
        }
    }

    /// <summary>False when the database was away or too slow.</summary>
    private async Task<bool> TryAsync(
        Func<CancellationToken, Task> action, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var patient = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            // Waited for from outside as well: not everything that hangs listens.
            await action(patient.Token).WaitAsync(patience, clock, cancellationToken);
            if (_isSilent)
            {
                _isSilent = false;
                LogAnswers();
            }

            return true;
        }
        catch (Exception exception) when (exception is DbException or TimeoutException)
        {
            await patient.CancelAsync();
            if (!_isSilent)
            {
                _isSilent = true;
                LogSilent(exception);
            }

            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database does not take what this gateway counts; it is kept for a day")]
    private partial void LogSilent(Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The database takes what this gateway counts again")]
    private partial void LogAnswers();
}
