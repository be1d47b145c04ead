using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Lms.Grains.Abstractions.Changes;

namespace Lms.ApiFrontend.Changes;

/// <summary>One piece of an event stream, written once for all who get it.</summary>
/// <param name="Entity">Whose; null for what everybody gets.</param>
/// <param name="Bytes">The text, with the empty line after it.</param>
internal sealed record Frame(string? Entity, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>How long a client waits before it comes again, which it does alone.</summary>
    public static Frame Retry { get; } = Everybody("retry: 3000\n\n");

    /// <summary>Keeps whatever stands between from thinking that nobody is there.</summary>
    public static Frame Heartbeat { get; } = Everybody(": here\n\n");

    /// <summary>Changes may be missing up to here; whether they are told from here on.</summary>
    public static Frame Gap(bool isLive) => Everybody(isLive
        ? "event: gap\ndata: {\"live\":true}\n\n"
        : "event: gap\ndata: {\"live\":false}\n\n");

    public static Frame Of(Change change)
    {
        var view = JsonSerializer.Serialize(ChangeView.From(change), JsonSerializerOptions.Web);
        return new(
            change.Entity,
            Encoding.UTF8.GetBytes($"id: {change.Entity}/{Uri.EscapeDataString(change.Id)}/{change.Version}\nevent: change\ndata: {view}\n\n"));
    }

    private static Frame Everybody(string text) => new(Entity: null, Encoding.UTF8.GetBytes(text));
}

/// <summary>What one connected client has still to be sent. One that lets it grow is disconnected.</summary>
internal sealed class ChangeListener(FrozenSet<string> entities, Action<ChangeListener> leave) : IDisposable
{
    /// <summary>So many pieces wait for one client at most. A thousand commits take the library about a second.</summary>
    public const int Capacity = 1_000;

    private readonly Channel<Frame> _waiting =
        Channel.CreateBounded<Frame>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    public void Tell(Frame frame)
    {
        if ((frame.Entity is null || entities.Count == 0 || entities.Contains(frame.Entity)) && !_waiting.Writer.TryWrite(frame))
        {
            // It comes back and reads again, which costs less than to remember everything for it.
            _waiting.Writer.TryComplete();
        }
    }

    public IAsyncEnumerable<Frame> ReadAsync(CancellationToken cancellationToken) =>
        _waiting.Reader.ReadAllAsync(cancellationToken);

    public void Dispose() => leave(this);
}
