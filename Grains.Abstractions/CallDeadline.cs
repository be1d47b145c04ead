namespace Lms.Grains.Abstractions;

/// <summary>Until when somebody waits for the answer to a call. It travels with the call, and with the calls that it makes.</summary>
public static class CallDeadline
{
    private const string Key = "lms.deadline";

    /// <summary>Clocks of two machines differ: so much later is certainly too late.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    /// <summary>Of the calls that are made from here on.</summary>
    public static void Set(DateTimeOffset deadline) => RequestContext.Set(Key, deadline.UtcTicks);

    /// <summary>Nobody waits any more for the call that is being made here.</summary>
    public static bool HasPassed(DateTimeOffset now) =>
        RequestContext.Get(Key) is long ticks && now.UtcTicks - ticks > Tolerance.Ticks;
}
