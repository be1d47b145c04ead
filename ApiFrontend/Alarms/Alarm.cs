using Lms.ApiFrontend.Status;

namespace Lms.ApiFrontend.Alarms;

internal enum AlarmEvent
{
    Opened = 0,
    Closed = 1,
}

/// <summary>Something that somebody should know.</summary>
internal sealed record Alarm(AlarmEvent Event, Incident Incident);

/// <summary>One way to somebody.</summary>
internal interface IAlarmChannel
{
    /// <summary>For logs and metrics.</summary>
    string Name { get; }

    /// <summary>Tells, or throws; it is tried again.</summary>
    Task SendAsync(Alarm alarm, CancellationToken cancellationToken);
}
