namespace Lms.Chaos.Cluster;

/// <summary>How long a dead process waits for its restart: longer each time, as a kubelet does it, though less patient.</summary>
public sealed class Backoff
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>One that has lived this long starts anew.</summary>
    public static readonly TimeSpan Forgiven = TimeSpan.FromSeconds(60);

    private TimeSpan _next = First;

    /// <summary>What to wait now that the process has died after <paramref name="lifetime"/>.</summary>
    public TimeSpan After(TimeSpan lifetime)
    {
        var now = lifetime >= Forgiven ? First : _next;
        _next = now + now < Longest ? now + now : Longest;
        return now;
    }
}
