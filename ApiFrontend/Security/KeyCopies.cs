using System.Text.Json;
using Lms.ApiFrontend.Cluster;
using Lms.Grains.Abstractions.Users;
using Microsoft.Extensions.Options;

namespace Lms.ApiFrontend.Security;

/// <summary>
/// The key ring for the time when no silo answers: in a file of this gateway, and in the note of all gateways. Both carry a code
/// of the master key, so that nobody without it can slip in a key of his own.
/// </summary>
/// <remarks>
/// The file has the private parts too, encrypted as in the database: sign-in needs them when every silo is gone, and whoever has
/// the file and not the master key learns nothing. The note has none: it is for checking tokens, in a Redis that is open to more.
/// </remarks>
internal sealed partial class KeyCopies(
    IGatewayNotes notes, MasterKey masterKey, IOptions<KeyOptions> options, ILogger<KeyCopies> logger)
{
    public const string Note = "lms:keys";

    private const string Purpose = "key-ring-copy";

    /// <summary>Longer than any outage that a gateway starts in.</summary>
    private static readonly TimeSpan s_keepFor = TimeSpan.FromDays(30);

    private byte[]? _written;

    /// <summary>The rings that are there and were written by a gateway of this library.</summary>
    public async Task<IReadOnlyList<KeyRing>> FindAsync() =>
        [.. new[] { ReadFile(), await notes.FindAsync(Note) }.Select(RingOf).OfType<KeyRing>()];

    /// <summary>Keeps a ring that the library has just told. Nobody waits for Redis.</summary>
    public void Keep(KeyRing ring)
    {
        WriteFile(Signed(ring));
        notes.LeaveAsync(Note, Signed(ring.Public()), s_keepFor).Ignore();
    }

    private byte[] Signed(KeyRing ring) => masterKey.Sign(Purpose, JsonSerializer.SerializeToUtf8Bytes(ring));

    private KeyRing? RingOf(byte[]? signed)
    {
        if (signed is null)
        {
            return null;
        }

        if (masterKey.Verify(Purpose, signed) is { } json)
        {
            return JsonSerializer.Deserialize<KeyRing>(json);
        }

        LogForeign();
        return null;
    }

    private byte[]? ReadFile()
    {
        try
        {
            return options.Value.File is { Length: > 0 } path && File.Exists(path) ? File.ReadAllBytes(path) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            LogNoFile(fault);
            return null;
        }
    }

    // Whoever reads it finds the old one or the new one, whenever the process or the machine ends.
    private void WriteFile(byte[] signed)
    {
        if (options.Value.File is not { Length: > 0 } path || (_written is { } before && before.AsSpan().SequenceEqual(signed)))
        {
            return;
        }

        try
        {
            var draft = path + ".new";
            var mode = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var stream = new FileStream(draft, mode))
            {
                stream.Write(signed);
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: true);
            _written = signed;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            LogNoFile(fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A copy of the key ring was not written with the master key of this library; it is not used")]
    private partial void LogForeign();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The file of the key ring cannot be read or written; a start without silos would not know the keys")]
    private partial void LogNoFile(Exception fault);
}
