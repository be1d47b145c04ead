namespace Lms.ApiFrontend.Overload;

/// <summary>
/// How many requests are done at once without all of them becoming slow: additive increase, multiplicative decrease, judged by what
/// half of the requests took. The half that hangs on a silo which has died does not make the others fewer.
/// </summary>
internal sealed class AdaptiveLimit(OverloadOptions options, TimeProvider clock)
{
    private const int MinSamples = 20;
    private const int MaxSamples = 1000;
    private const double Decrease = 0.9;

    private static readonly TimeSpan s_window = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _times = new(MaxSamples);
    private long _since = clock.GetTimestamp();
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
        if (_times[(_times.Count - 1) / 2] > options.TargetTime)
        {
            // From what is really under way: a limit that nobody reaches would fall for long without any effect.
            Current = Math.Max(options.MinRequests, (int)(Math.Min(Current, _busiest) * Decrease));
        }
        else if (2 * _busiest >= Current)
        {
            Current = Math.Min(options.MaxRequests, Current + Math.Max(4, Current / 16));
        }

        _times.Clear();
        _busiest = 0;
        _since = clock.GetTimestamp();
    }
}
