using System.Net;
using System.Net.Sockets;

namespace Lms.Chaos.Servers;

/// <summary>Ports of the loopback.</summary>
public static class Ports
{
    /// <summary>Ports that nobody listens on now.</summary>
    public static int[] Free(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        try
        {
            listeners.ForEach(listener => listener.Start());
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(listener => listener.Stop());
        }
    }

    public static int Free() => Free(1)[0];
}
