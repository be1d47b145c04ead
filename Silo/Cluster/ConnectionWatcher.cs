using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Lms.Silo.Cluster;

/// <summary>
/// Sees at once that the process of another silo is gone, and has it declared dead, long before probes would.
/// </summary>
/// <remarks>
/// Every silo holds an idle connection to every active peer. A kernel closes the connections of a process that ends, and
/// refuses new ones; of a process that is slow or frozen it does neither, so that none of those is ever accused. Each side
/// says which generation it is, or else a silo that was started again on the same port would pass for the one before.
/// A machine or a network that is lost says nothing: that is what probes are for. The kernels ask each other meanwhile, so that a
/// connection to nowhere ends, and is no contact with a peer.
/// </remarks>
internal sealed partial class ConnectionWatcher(
    IClusterMembershipService membership,
    IMembershipTable table,
    ILocalSiloDetails self,
    PeerContacts peers,
    RedisMembership redis,
    TimeProvider clock,
    ILogger<ConnectionWatcher> logger) : BackgroundService, IHostedLifecycleService
{
    private const uint Magic = 0x4C4D5357; // "LMSW"
    private const int HelloLength = 8;

    /// <summary>A second of silence, and then as many questions, a second apart, that nobody answers.</summary>
    private const int KeepAliveRetries = 2;

    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan s_slowRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_connecting = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<SiloAddress, Task> _watched = new();
    private Socket? _listener;

    public override void Dispose()
    {
        _listener?.Dispose();
        base.Dispose();
    }

    /// <summary>Before the silo is a member: with a port that somebody else has it does not start.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // It listens until the process ends, for whoever were refused would take the process for dead.
        _listener = Listen();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var greeting = GreetAsync(_listener!, stoppingToken);
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
        {
            foreach (var member in snapshot.Members.Values)
            {
                if (member.Status == SiloStatus.Active && !member.SiloAddress.Equals(self.SiloAddress))
                {
                    _ = _watched.GetOrAdd(member.SiloAddress, silo => Task.Run(() => WatchAsync(silo, stoppingToken), stoppingToken));
                }
            }

            foreach (var gone in _watched.Where(watched => watched.Value.IsCompleted).ToList())
            {
                _watched.TryRemove(gone);
            }
        }

        await greeting;
    }

    private Socket Listen()
    {
        var endpoint = self.SiloAddress.Endpoint;
        var listener = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(endpoint.Address, endpoint.Port + ClusterSettings.WatcherOffset));
        listener.Listen(512);
        return listener;
    }

    private async Task GreetAsync(Socket listener, CancellationToken cancellationToken)
    {
        var hello = new byte[HelloLength];
        BinaryPrimitives.WriteUInt32BigEndian(hello, Magic);
        BinaryPrimitives.WriteInt32BigEndian(hello.AsSpan(4), self.SiloAddress.Generation);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var peer = await listener.AcceptAsync(cancellationToken);
                KeepAlive(peer);
                _ = KeepAsync(peer, hello);
            }
            catch (SocketException exception)
            {
                // One peer that is gone already, or a process that may open no more files for now.
                LogNotGreeted(exception.SocketErrorCode);
                await Task.Delay(s_retry, clock, cancellationToken);
            }
        }
    }

    // Whatever happens to this silo, it ends when its process does, or when the peer leaves: that is what it is for.
    private static async Task KeepAsync(Socket peer, byte[] hello)
    {
        using (peer)
        {
            try
            {
                await peer.SendAsync(hello);
                await peer.ReceiveAsync(new byte[1]);
            }
            catch (SocketException)
            {
                // The peer is gone, which its own watchers notice.
            }
        }
    }

    private async Task WatchAsync(SiloAddress silo, CancellationToken cancellationToken)
    {
        var wasConnected = false;
        var refusals = 0;
        while (!cancellationToken.IsCancellationRequested && IsActive(silo))
        {
            try
            {
                var isSame = await HoldAsync(silo, cancellationToken);
                (wasConnected, refusals) = (true, 0);
                if (!isSame)
                {
                    await KillAsync(silo, "another process has its place", cancellationToken);
                }

                continue;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused && wasConnected)
            {
                // Twice, for a listener that is just being made refuses as well.
                refusals++;
            }
            catch (SocketException exception)
            {
                LogNotConnected(silo, exception.SocketErrorCode);
                await Task.Delay(s_slowRetry, clock, cancellationToken);
                continue;
            }

            if (refusals > 1)
            {
                await KillAsync(silo, "its process has ended", cancellationToken);
            }

            await Task.Delay(s_retry, clock, cancellationToken);
        }
    }

    /// <summary>Holds a connection until it ends; false when somebody else than the silo answered.</summary>
    private async Task<bool> HoldAsync(SiloAddress silo, CancellationToken cancellationToken)
    {
        using var socket = new Socket(silo.Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        KeepAlive(socket);
        await ConnectAsync(socket, silo.Endpoint, cancellationToken);
        var hello = new byte[HelloLength];
        try
        {
            for (var read = 0; read < hello.Length;)
            {
                var count = await socket.ReceiveAsync(hello.AsMemory(read), cancellationToken);
                if (count == 0)
                {
                    return true;
                }

                read += count;
            }

            if (BinaryPrimitives.ReadUInt32BigEndian(hello) != Magic)
            {
                LogStranger(silo);
                await Task.Delay(s_slowRetry, clock, cancellationToken);
                return true;
            }

            if (BinaryPrimitives.ReadInt32BigEndian(hello.AsSpan(4)) != silo.Generation)
            {
                return false;
            }

            peers.Opened();
            try
            {
                await socket.ReceiveAsync(hello, cancellationToken);
            }
            finally
            {
                peers.Closed();
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.TimedOut)
        {
            // The end of the connection, said in another way.
        }

        return true;
    }

    private static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 1);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveRetries);
    }

    // The kernel would ask a network that is lost for minutes, more and more rarely, and notice late that it is back.
    private async Task ConnectAsync(Socket socket, IPEndPoint silo, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_connecting, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await socket.ConnectAsync(silo.Address, silo.Port + ClusterSettings.WatcherOffset, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
    }

    private async Task KillAsync(SiloAddress silo, string reason, CancellationToken cancellationToken)
    {
        if (!IsActive(self.SiloAddress) || !IsActive(silo))
        {
            return;
        }

        // As long as the silo counts as alive, this is tried again.
        if (!await redis.AnswersAsync())
        {
            LogNotKilled(silo);
            await Task.Delay(s_slowRetry, clock, cancellationToken);
            return;
        }

        try
        {
            LogKill(silo, reason, await DeclareDeadAsync(silo));

            // Whoever did it: all watchers of a silo see its end at once, and one of them is first.
            await membership.Refresh(cancellationToken: cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Commands of Redis that are under way when a connection breaks may be cancelled: nobody asked this watcher to end.
            LogFailed(exception, silo);
            await Task.Delay(s_slowRetry, clock, cancellationToken);
        }
    }

    /// <summary>Writes into the table that a silo is dead; false when this silo may not, or another one was first.</summary>
    /// <remarks>
    /// Not by way of <c>IClusterMembershipService.TryKill</c>: Orleans does such things one after the other, and after some seconds
    /// without Redis it waits for up to a minute before the next one, although Redis is back.
    /// </remarks>
    private async Task<bool> DeclareDeadAsync(SiloAddress silo)
    {
        var rows = await table.ReadAllAsync(CancellationToken.None);
        if (rows.TryGet(self.SiloAddress) is not { Item1.Status: SiloStatus.Active }
            || rows.TryGet(silo) is not ({ Status: SiloStatus.Active } entry, var etag))
        {
            return false;
        }

        entry.AddSuspector(self.SiloAddress, clock.GetUtcNow().UtcDateTime);
        entry.Status = SiloStatus.Dead;
        return await table.UpdateRowAsync(entry, etag, rows.Version.Next(), CancellationToken.None);
    }

    private bool IsActive(SiloAddress silo) =>
        membership.CurrentSnapshot.Members.TryGetValue(silo, out var member) && member.Status == SiloStatus.Active;

    [LoggerMessage(Level = LogLevel.Warning, Message = "A silo could not be greeted: {Error}")]
    private partial void LogNotGreeted(SocketError error);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The watcher of {Silo} does not answer: {Error}")]
    private partial void LogNotConnected(SiloAddress silo, SocketError error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Somebody who is no silo answers at the watcher's port of {Silo}")]
    private partial void LogStranger(SiloAddress silo);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Silo} is declared dead, for {Reason}: {IsDone}")]
    private partial void LogKill(SiloAddress silo, string reason, bool isDone);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Silo} cannot be declared dead yet, since the membership Redis does not answer")]
    private partial void LogNotKilled(SiloAddress silo);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Silo} could not be declared dead yet")]
    private partial void LogFailed(Exception exception, SiloAddress silo);
}
