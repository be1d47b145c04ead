using System.Net.Sockets;
using System.Text;

namespace Lms.Cluster.Tests.Degraded;

/// <summary>Requests of the desk whose bodies come slowly: they have been let in, and take their room until they are let go.</summary>
internal sealed class HeldRequests : IAsyncDisposable
{
    /// <summary>A second's worth of what the slowest client may send.</summary>
    private static readonly byte[] s_blanks = [.. Enumerable.Repeat((byte)' ', 300)];

    private readonly List<TcpClient> _clients = [];
    private readonly CancellationTokenSource _over = new();
    private Task _sending = Task.CompletedTask;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<HeldRequests> HoldAsync(Uri gateway, int count)
    {
        var held = new HeldRequests();
        var head = Encoding.ASCII.GetBytes(
            $"POST /api/public/login HTTP/1.1\r\nHost: {gateway.Authority}\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n");
        for (var number = 0; number < count; number++)
        {
            var client = new TcpClient();
            held._clients.Add(client);
            await client.ConnectAsync(gateway.Host, gateway.Port, Cancellation);
            await client.GetStream().WriteAsync(head, Cancellation);
        }

        held._sending = held.SendAsync();
        await Task.Delay(500, Cancellation);
        return held;
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        _over.Dispose();
    }

    private async Task SendAsync()
    {
        while (true)
        {
            foreach (var client in _clients)
            {
                await client.GetStream().WriteAsync(s_blanks, _over.Token);
            }

            await Task.Delay(500, _over.Token);
        }
    }
}
