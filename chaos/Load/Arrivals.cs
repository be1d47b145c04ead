namespace Lms.Chaos.Load;

/// <summary>When requests are to be sent, counted from the start; whatever became of those before.</summary>
internal static class Arrivals
{
    /// <summary>Of a load, and then of its tail.</summary>
    public static IEnumerable<TimeSpan> Of(LoadOptions options)
    {
        var random = new Random(options.Seed);
        var arrivals = At(options.Rate);
        if (options.Duration is not { } end)
        {
            return arrivals;
        }

        arrivals = arrivals.TakeWhile(at => at < end);
        return options.Tail is { } tail
            ? arrivals.Concat(At(tail.Rate).TakeWhile(at => at < tail.Duration).Select(at => end + at))
            : arrivals;

        IEnumerable<TimeSpan> At(double rate) => options.Poisson ? Poisson(rate, random) : Constant(rate);
    }

    public static IEnumerable<TimeSpan> Constant(double rate)
    {
        // Multiplied, not added up: errors of rounding would.
        for (var number = 0L; ; number++)
        {
            yield return TimeSpan.FromSeconds(number / rate);
        }
    }

    public static IEnumerable<TimeSpan> Poisson(double rate, Random random)
    {
        var seconds = 0.0;
        while (true)
        {
            seconds -= Math.Log(1 - random.NextDouble()) / rate;
            yield return TimeSpan.FromSeconds(seconds);
        }
    }
}
