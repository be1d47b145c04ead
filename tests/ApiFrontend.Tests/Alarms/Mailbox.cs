using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Lms.ApiFrontend.Tests.Alarms;

/// <summary>A mail server on loopback, as far as one letter at a time needs it.</summary>
internal sealed class Mailbox : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Channel<(string[] Envelope, string Text)> _letters = Channel.CreateUnbounded<(string[], string)>();
    private Task _serving = Task.CompletedTask;

    private Mailbox() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static Task<Mailbox> StartAsync()
    {
        var mailbox = new Mailbox();
        mailbox._serving = mailbox.ServeAsync();
        return Task.FromResult(mailbox);
    }

    /// <summary>The sender and the receivers, and what is said.</summary>
    public async Task<(string[] Envelope, string Text)> NextAsync() =>
        await _letters.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync(_end.Token);
            await ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 mail.example.org");
        var envelope = new List<string>();
        while (await reader.ReadLineAsync(_end.Token) is { } line)
        {
            if (line.StartsWith("MAIL", StringComparison.Ordinal) || line.StartsWith("RCPT", StringComparison.Ordinal))
            {
                envelope.Add(line.Split('<', '>')[1]);
            }

            if (line == "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                _letters.Writer.TryWrite(([.. envelope], await TextAsync(reader)));
                envelope.Clear();
            }

            await writer.WriteLineAsync(line == "QUIT" ? "221 bye" : "250 yes");
        }
    }

    private async Task<string> TextAsync(StreamReader reader)
    {
        var text = new StringWriter();
        while (await reader.ReadLineAsync(_end.Token) is { } line && line != ".")
        {
            await text.WriteLineAsync(line);
        }

        return text.ToString();
    }
}
