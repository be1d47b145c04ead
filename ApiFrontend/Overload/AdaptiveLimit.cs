namespace Lms.ApiFrontend.Overload;

/// <summary>
/// How many requests are done at once without all of them becoming slow: it rises in steps and falls by as much as they are too
/// slow, judged by what half of the requests took. The half that hangs on a silo which has died does not make the others fewer.
/// </summary>
/// <remarks>Not safe for several threads at once.</remarks>
internal sealed class AdaptiveLimit(OverloadOptions options, TimeProvider clock)
{
    private const int AtFirst = 64;
    private const int MinSamples = 20;
    private const int MaxSamples = 1000;
    private const double LeastDecrease = 0.9;
    private const double MostDecrease = 0.5;

    private static readonly TimeSpan s_window = TimeSpan.FromMilliseconds(100);

    private readonly List<TimeSpan> _times = new(MaxSamples);
    private long _since = clock.GetTimestamp();
    private int _busiest;

    public int Current { get; private set; } = Math.Clamp(AtFirst, options.MinRequests, options.MaxRequests);

    /// <summary>After a request.</summary>
    /// <param name="time">That it took.</param>
    /// <param name="together">How many were done together with it.</param>
    /// <param name="isCrowded">True when more is asked than can be done.</param>
    public void Observe(TimeSpan time, int together, bool isCrowded)
    {
        if (_times.Count < MaxSamples)
        {
            _times.Add(time);
        }

        _busiest = Math.Max(_busiest, together);
        if (_times.Count >= MinSamples && clock.GetElapsedTime(_since) >= s_window)
        {
            Adapt(isCrowded);
        }
    }

    private void Adapt(bool isCrowded)
    {
        var (target, least) = isCrowded
            ? (options.CrowdedTargetTime, Math.Min(options.CrowdedRequests, options.MinRequests))
            : (options.TargetTime, options.MinRequests);
        _times.Sort();
        var half = _times[(_times.Count - 1) / 2];
        if (half > target)
        {
            Current = Math.Max(least, (int)(Current * Math.Clamp(target / half, MostDecrease, LeastDecrease)));
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
