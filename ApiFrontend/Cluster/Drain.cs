using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Cluster;

/// <summary>
/// The end of a gateway that nobody notices. First clients can no longer connect, so that they go to another gateway; those that
/// are connected, even if nobody has accepted them yet, are answered, and asked to close. Only then the server stops, which closes
/// connections whatever comes in on them. Operators can connect until then.
/// </summary>
internal sealed class Drain(IOptions<DrainOptions> options) : IHostedLifecycleService
{
    /// <summary>Within it a client of the same network that has been heard is connected.</summary>
    private static readonly TimeSpan s_handshake = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly List<Watched> _listeners = [];
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;
    private volatile bool _isClosed;

    /// <summary>Asks the client to close, as soon as it would not come back here.</summary>
    public Task UseAsync(HttpContext http, RequestDelegate next)
    {
        // HTTP/2 has its own way of saying so, and the server uses it.
        if (HttpProtocol.IsHttp11(http.Request.Protocol))
        {
            http.Response.OnStarting(() =>
            {
                if (_isClosed)
                {
                    http.Response.Headers.Connection = "close";
                }

                return Task.CompletedTask;
            });
        }

        return next(http);
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await EmptyAsync(cancellationToken);
        foreach (var listener in _listeners)
        {
            await listener.UnbindAsync(cancellationToken);
        }

        lock (_lock)
        {
            _isClosed = true;
            EndIfEmpty();
        }

        // Suppressed: the time is up, or the host has no more of it, and the server closes what is left.
        await _empty.Task.WaitAsync(options.Value.Longest, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Until nobody waits to be accepted, where nobody new can be kept from it.</summary>
    private async Task EmptyAsync(CancellationToken cancellationToken)
    {
        var sockets = _listeners.Select(listener => listener.Socket).Where(ListeningSocket.TryIgnoreNewcomers).ToList();
        if (sockets.Count == 0)
        {
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(options.Value.Longest);
        do
        {
            await Task.Delay(s_handshake, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (!end.IsCancellationRequested && sockets.Exists(socket => ListeningSocket.Waiting(socket) > 0));
    }

    private Watched Watch(IConnectionListener listener, Socket socket)
    {
        var watched = new Watched(this, listener, socket);
        _listeners.Add(watched);
        return watched;
    }

    private void Opened(ConnectionContext connection)
    {
        lock (_lock)
        {
            _open++;
        }

        connection.ConnectionClosed.Register(() =>
        {
            lock (_lock)
            {
                _open--;
                EndIfEmpty();
            }
        });
    }

    private void EndIfEmpty()
    {
        if (_isClosed && _open == 0)
        {
            _empty.TrySetResult();
        }
    }

    /// <summary>Sockets as ever; the drain knows those that are for clients.</summary>
    public sealed class Listeners(Drain drain, ILoggerFactory loggers, IReadOnlyList<int> internalPorts)
        : IConnectionListenerFactory, IConnectionListenerFactorySelector
    {
        public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint or UnixDomainSocketEndPoint or FileHandleEndPoint;

        public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            Socket socket = null!;
            var options = new SocketTransportOptions
            {
                CreateBoundListenSocket = bound => socket = SocketTransportOptions.CreateDefaultBoundListenSocket(bound),
            };
            var listener = await new SocketTransportFactory(Options.Create(options), loggers).BindAsync(endpoint, cancellationToken);
            return endpoint is IPEndPoint { Port: var port } && internalPorts.Contains(port) ? listener : drain.Watch(listener, socket);
        }
    }

    private sealed class Watched(Drain drain, IConnectionListener listener, Socket socket) : IConnectionListener
    {
        public Socket Socket => socket;

        public EndPoint EndPoint => listener.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            var connection = await listener.AcceptAsync(cancellationToken);
            if (connection is not null)
            {
                drain.Opened(connection);
            }

            return connection;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => listener.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => listener.DisposeAsync();
    }
}
