namespace Lms.Chaos.Load;

/// <summary>When requests are to be sent, counted from the start; whatever became of those before.</summary>
internal static class Arrivals
{
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
