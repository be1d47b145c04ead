using System.Net;
using System.Net.Sockets;

namespace Lms.Chaos.Servers;

/// <summary>Ports of the loopback.</summary>
public static class Ports
{
    // Below those that the kernel gives to outgoing connections: a server that is down keeps its port.
    private const int First = 12_000;
    private const int Last = 30_000;

    private static readonly Lock s_lock = new();
    private static readonly HashSet<int> s_given = [];

    /// <summary>A port that nobody listens on now and that this process has not been given before.</summary>
    /// <param name="also">Distance to a second port that is to be free, too.</param>
    public static int Free(int also = 0)
    {
        lock (s_lock)
        {
            // Random, because other processes look for ports at the same time.
            for (var attempt = 0; attempt < 1_000; attempt++)
            {
                var port = Random.Shared.Next(First, Last - also);
                if (!s_given.Contains(port) && !s_given.Contains(port + also) && IsFree(port) && IsFree(port + also))
                {
                    s_given.Add(port);
                    s_given.Add(port + also);
                    return port;
                }
            }
        }

        throw new ClusterException("There is no free port.");
    }

    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
