using System.Collections.Concurrent;
using Lms.ApiFrontend.Cluster;

namespace Lms.ApiFrontend.Tests.Library;

/// <summary>What gateways leave and tell one another, in this process.</summary>
internal sealed class SharedNotes : IGatewayNotes
{
    private readonly ConcurrentQueue<(string Channel, Action<byte[]> Heard)> _listeners = new();

    public ConcurrentDictionary<string, byte[]> Left { get; } = new(StringComparer.Ordinal);

    public Task<byte[]?> FindAsync(string name) => Task.FromResult(Left.GetValueOrDefault(name));

    public Task LeaveAsync(string name, byte[] note, TimeSpan keepFor)
    {
        Left[name] = note;
        return Task.CompletedTask;
    }

    public Task TellAsync(string channel, byte[] message)
    {
        foreach (var listener in _listeners.Where(listener => listener.Channel == channel))
        {
            listener.Heard(message);
        }

        return Task.CompletedTask;
    }

    public Task ListenAsync(string channel, Action<byte[]> heard)
    {
        _listeners.Enqueue((channel, heard));
        return Task.CompletedTask;
    }
}
