namespace Lms.ApiFrontend.Status;

/// <summary>How the requests of one service ended within one minute, at one gateway.</summary>
internal readonly record struct MinuteCount(DateTimeOffset Minute, string Service, RequestTotals Totals);

/// <summary>
/// What this gateway has counted: each minute of the last day, each hour of the last thirty. Small, since what nobody asked for
/// has no entry.
/// </summary>
internal sealed class RequestCounts(TimeProvider clock)
{
    /// <summary>So long minutes are kept, and wait for the database.</summary>
    public static readonly TimeSpan KeepMinutes = TimeSpan.FromHours(24);

    public static readonly TimeSpan KeepHours = TimeSpan.FromDays(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<(long Minute, string Service), Cell> _minutes = [];
    private readonly Dictionary<(long Hour, string Service), RequestTotals> _hours = [];
    private long _cleanedAt;

    public void Add(string service, RequestOutcome outcome)
    {
        lock (_lock)
        {
            var (minute, hour) = (Number(TimeSpan.TicksPerMinute), Number(TimeSpan.TicksPerHour));
            if (minute != _cleanedAt)
            {
                _cleanedAt = minute;
                RemoveOld(minute - (KeepMinutes.Ticks / TimeSpan.TicksPerMinute), hour - (KeepHours.Ticks / TimeSpan.TicksPerHour));
            }

            var cell = _minutes.GetValueOrDefault((minute, service));
            _minutes[(minute, service)] = cell with { Totals = cell.Totals.With(outcome) };
            _hours[(hour, service)] = _hours.GetValueOrDefault((hour, service)).With(outcome);
        }
    }

    /// <summary>Minutes whose values the database does not have, the oldest first.</summary>
    public IReadOnlyList<MinuteCount> Unwritten()
    {
        lock (_lock)
        {
            return
            [
                .. _minutes.Where(minute => minute.Value.Totals != minute.Value.Written)
                    .Select(minute => new MinuteCount(
                        new(minute.Key.Minute * TimeSpan.TicksPerMinute, TimeSpan.Zero), minute.Key.Service, minute.Value.Totals))
                    .OrderBy(minute => minute.Minute),
            ];
        }
    }

    /// <summary>The database has these values. What was counted meanwhile is still to be written.</summary>
    public void Written(IEnumerable<MinuteCount> counts)
    {
        lock (_lock)
        {
            foreach (var count in counts)
            {
                var key = (count.Minute.UtcTicks / TimeSpan.TicksPerMinute, count.Service);
                if (_minutes.TryGetValue(key, out var cell))
                {
                    _minutes[key] = cell with { Written = count.Totals };
                }
            }
        }
    }

    /// <summary>What was counted within <paramref name="age"/>, by service: to the minute within a day, else to the hour.</summary>
    public IReadOnlyDictionary<string, RequestTotals> Within(TimeSpan age)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            return age <= KeepMinutes
                ? Sum(_minutes.Where(minute => minute.Key.Minute > (now - age).UtcTicks / TimeSpan.TicksPerMinute)
                    .Select(minute => (minute.Key.Service, minute.Value.Totals)))
                : Sum(_hours.Where(hour => hour.Key.Hour > (now - age).UtcTicks / TimeSpan.TicksPerHour)
                    .Select(hour => (hour.Key.Service, hour.Value)));
        }
    }

    private static Dictionary<string, RequestTotals> Sum(IEnumerable<(string Service, RequestTotals Totals)> counts)
    {
        var sums = new Dictionary<string, RequestTotals>(StringComparer.Ordinal);
        foreach (var (service, totals) in counts)
        {
            sums[service] = sums.GetValueOrDefault(service) + totals;
        }

        return sums;
    }

    private long Number(long ticks) => clock.GetUtcNow().UtcTicks / ticks;

    private void RemoveOld(long firstMinute, long firstHour)
    {
        foreach (var key in _minutes.Keys.Where(key => key.Minute < firstMinute).ToList())
        {
            _minutes.Remove(key);
        }

        foreach (var key in _hours.Keys.Where(key => key.Hour < firstHour).ToList())
        {
            _hours.Remove(key);
        }
    }

    /// <param name="Totals">What was counted.</param>
    /// <param name="Written">What of it the database is known to have.</param>
    private readonly record struct Cell(RequestTotals Totals, RequestTotals Written);
}
