namespace Lms.Silo.Cluster;

/// <summary>How long no peer was heard of.</summary>
internal sealed class PeerContacts(TimeProvider clock)
{
    private int _connections;
    private long _lastAt = clock.GetTimestamp();

    /// <summary>Zero while a connection to a peer is held.</summary>
    public TimeSpan Silence => Volatile.Read(ref _connections) > 0 ? TimeSpan.Zero : clock.GetElapsedTime(Volatile.Read(ref _lastAt));

    public void Opened() => Interlocked.Increment(ref _connections);

    public void Closed()
    {
        Volatile.Write(ref _lastAt, clock.GetTimestamp());
        Interlocked.Decrement(ref _connections);
    }
}
