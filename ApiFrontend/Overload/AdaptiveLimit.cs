namespace Lms.ApiFrontend.Overload;

/// <summary>
/// How many requests are done at once without all of them becoming slow: it rises in steps and falls by as much as they are too
/// slow, judged by what half of the requests took. The half that hangs on a silo which has died does not make the others fewer, and neither does a
/// moment in which the machine does something else.
/// </summary>
internal sealed class AdaptiveLimit(OverloadOptions options, TimeProvider clock)
{
    private const int MinSamples = 20;
    private const int MaxSamples = 1000;
    private const double LeastDecrease = 0.9;
    private const double MostDecrease = 0.5;

    private static readonly TimeSpan s_window = TimeSpan.FromMilliseconds(100);

    /// <summary>So long most requests have to be slow before any is refused for it.</summary>
    private static readonly TimeSpan s_proof = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _times = new(MaxSamples);
    private long _since = clock.GetTimestamp();
    private long? _slowSince;
    private int _busiest;

    /// <summary>At first all: what a machine can do shows soon enough.</summary>
    public int Current { get; private set; } = options.MaxRequests;

    /// <summary>After a request: how long it took, and how many were under way.</summary>
    public void Observe(TimeSpan time, int underWay)
    {
        lock (_lock)
        {
            if (_times.Count < MaxSamples)
            {
                _times.Add(time);
            }

            _busiest = Math.Max(_busiest, underWay);
            if (_times.Count >= MinSamples && clock.GetElapsedTime(_since) >= s_window)
            {
                Adapt();
            }
        }
    }

    private void Adapt()
    {
        _times.Sort();
        var now = clock.GetTimestamp();
        var half = _times[(_times.Count - 1) / 2];
        if (half <= options.TargetTime)
        {
            _slowSince = null;
            if (2 * _busiest >= Current)
            {
                Current = Math.Min(options.MaxRequests, Current + Math.Max(4, Current / 16));
            }
        }
        else if (clock.GetElapsedTime(_slowSince ??= now, now) >= s_proof)
        {
            // From what is really under way: a limit that nobody reaches would fall for long without any effect.
            var decrease = Math.Clamp(options.TargetTime / half, MostDecrease, LeastDecrease);
            Current = Math.Max(options.MinRequests, (int)(Math.Min(Current, _busiest) * decrease));
        }

        _times.Clear();
        _busiest = 0;
        _since = now;
    }
}
