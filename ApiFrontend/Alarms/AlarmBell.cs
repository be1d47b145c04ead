using System.Diagnostics.Metrics;
using System.Threading.Channels;

namespace Lms.ApiFrontend.Alarms;

/// <summary>Rings on every channel. Each has a queue of its own, so that one that is dead holds up no other, and no request.</summary>
internal sealed partial class AlarmBell : BackgroundService
{
    /// <summary>More wait for no channel: the oldest ones go.</summary>
    private const int Waiting = 100;

    private static readonly TimeSpan s_firstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_maxDelay = TimeSpan.FromMinutes(1);

    /// <summary>Older ones are history, and on the status page.</summary>
    private static readonly TimeSpan s_worthSending = TimeSpan.FromHours(1);

    private readonly IReadOnlyList<(IAlarmChannel Channel, Channel<Alarm> Queue)> _channels;
    private readonly TimeProvider _clock;
    private readonly ILogger<AlarmBell> _logger;
    private readonly Counter<long> _alarms;

    public AlarmBell(IEnumerable<IAlarmChannel> channels, IMeterFactory meters, TimeProvider clock, ILogger<AlarmBell> logger)
    {
        (_clock, _logger) = (clock, logger);
        _alarms = meters.Create("lms").CreateCounter<long>(
            "lms.gateway.alarms", "{alarm}", "Alarms by channel and outcome: sent, retried or lost.");
        _channels = [.. channels.Select(channel => (channel, QueueOf(channel)))];
        foreach (var (channel, _) in _channels)
        {
            Count(channel, "sent", 0);
            Count(channel, "retried", 0);
            Count(channel, "lost", 0);
        }
    }

    /// <summary>Never waits.</summary>
    public void Raise(Alarm alarm)
    {
        LogRaised(alarm.Event, alarm.Incident.Service, alarm.Incident.Worst);
        foreach (var (_, queue) in _channels)
        {
            queue.Writer.TryWrite(alarm);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_channels.Select(channel => RunAsync(channel.Channel, channel.Queue.Reader, stoppingToken)));

    private Channel<Alarm> QueueOf(IAlarmChannel channel) => Channel.CreateBounded<Alarm>(
        new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
        _ => Lost(channel));

    private async Task RunAsync(IAlarmChannel channel, ChannelReader<Alarm> queue, CancellationToken cancellationToken)
    {
        await foreach (var alarm in queue.ReadAllAsync(cancellationToken))
        {
            await SendAsync(channel, alarm, cancellationToken);
        }
    }

    private async Task SendAsync(IAlarmChannel channel, Alarm alarm, CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        for (var delay = s_firstDelay; ; delay = delay * 2 < s_maxDelay ? delay * 2 : s_maxDelay)
        {
            try
            {
                await channel.SendAsync(alarm, cancellationToken);
                Count(channel, "sent", 1);
                return;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (_clock.GetElapsedTime(started) > s_worthSending)
                {
                    Lost(channel);
                    return;
                }

                // Its type only: what it says may name an address with a secret in it.
                LogNotSent(channel.Name, exception.GetType().Name);
                Count(channel, "retried", 1);
            }

            await Task.Delay(delay, _clock, cancellationToken);
        }
    }

    private void Lost(IAlarmChannel channel)
    {
        LogLost(channel.Name);
        Count(channel, "lost", 1);
    }

    private void Count(IAlarmChannel channel, string outcome, long value) =>
        _alarms.Add(value, new("channel", channel.Name), new("outcome", outcome));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Incident {Event}: {Service}, at worst {Health}")]
    private partial void LogRaised(AlarmEvent @event, string service, Status.Health health);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An alarm does not get through by {Channel} and is tried again: {Reason}")]
    private partial void LogNotSent(string channel, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "An alarm is lost: {Channel} took none for too long")]
    private partial void LogLost(string channel);
}
