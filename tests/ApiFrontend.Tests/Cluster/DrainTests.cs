using System.Net;
using System.Net.Sockets;
using Lms.ApiFrontend.Cluster;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Tests.Cluster;

/// <summary>Who has connected is answered, however close the end is.</summary>
public sealed class DrainTests
{
    private const int Gateways = 20;
    private const int Clients = 4;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Each asks on a new connection, again and again, until it is refused: some are always between being connected and being accepted.
    [Fact]
    public async Task A_client_is_answered_or_refused_and_never_cut_off()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lets a listening socket ignore who comes.");

        await Task.WhenAll(Enumerable.Range(0, Gateways).Select(_ => EndAsync()));

        static async Task EndAsync()
        {
            var drain = new Drain(Options.Create(new DrainOptions()));
            var listener = await new Drain.Listeners(drain, NullLoggerFactory.Instance, []).BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Cancellation);
            var serving = ServeAsync(listener);
            var clients = Enumerable.Range(0, Clients).Select(_ => AskUntilRefusedAsync(listener.EndPoint)).ToList();
            await Task.Delay(100, Cancellation);

            await drain.StoppingAsync(Cancellation);

            Assert.All(await Task.WhenAll(clients), answered => Assert.InRange(answered, 1, int.MaxValue));
            await listener.DisposeAsync();
            await serving;
        }
    }

    [Fact]
    public async Task Operators_can_connect_until_the_server_stops()
    {
        var drain = new Drain(Options.Create(new DrainOptions()));
        await using var listener = await new Drain.Listeners(drain, NullLoggerFactory.Instance, [0]).BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Cancellation);

        await drain.StoppingAsync(Cancellation);

        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.EndPoint, Cancellation);
    }

    private static async Task ServeAsync(IConnectionListener listener)
    {
        while (await listener.AcceptAsync(Cancellation) is { } connection)
        {
            _ = AnswerAsync(connection);
        }

        static async Task AnswerAsync(ConnectionContext connection)
        {
            var question = await connection.Transport.Input.ReadAsync(Cancellation);
            connection.Transport.Input.AdvanceTo(question.Buffer.End);
            await connection.Transport.Output.WriteAsync("!"u8.ToArray(), Cancellation);
            await connection.DisposeAsync();
        }
    }

    /// <summary>How many answers there were before the refusal.</summary>
    private static async Task<int> AskUntilRefusedAsync(EndPoint listener)
    {
        for (var answered = 0; ; answered++)
        {
            using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await client.ConnectAsync(listener, Cancellation);
            }
            catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return answered;
            }

            await client.SendAsync("?"u8.ToArray(), Cancellation);
            Assert.Equal(1, await client.ReceiveAsync(new byte[1], Cancellation));
        }
    }
}
