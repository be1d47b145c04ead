using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Lms.ApiFrontend.Cluster;

/// <summary>
/// What Linux does for a listening socket and .NET has no name for. A socket that is closed resets who has connected and has not been
/// accepted yet; so those who come are ignored first, and the queue is emptied. See socket(7), SO_ATTACH_FILTER; tcp(7), TCP_INFO.
/// </summary>
internal static class ListeningSocket
{
    private const int SolSocket = 1;
    private const int SoAttachFilter = 26;
    private const int IpProtoTcp = 6;
    private const int TcpInfo = 11;

    /// <summary>Offset of <c>tcpi_unacked</c>, which tells of a socket that listens how many wait to be accepted.</summary>
    private const int TcpInfoUnacked = 24;

    // Classic BPF, from the TCP header on: a segment with SYN and without ACK is dropped, all others are kept.
    private static readonly Instruction[] s_ignoreSyn =
    [
        new(0x30, 0, 0, 13), // load the byte with the flags
        new(0x54, 0, 0, 0x12), // of them SYN and ACK
        new(0x15, 0, 1, 0x02), // is it SYN alone?
        new(0x06, 0, 0, 0), // drop
        new(0x06, 0, 0, int.MaxValue), // keep
    ];

    /// <summary>
    /// From now on who wants to connect hears nothing, and asks again after a second; who is about to be connected still is. False where
    /// the system has no such filter, or does not tell who waits.
    /// </summary>
    public static bool TryIgnoreNewcomers(Socket socket)
    {
        if (!OperatingSystem.IsLinux() || socket.ProtocolType != ProtocolType.Tcp)
        {
            return false;
        }

        var program = GCHandle.Alloc(s_ignoreSyn, GCHandleType.Pinned);
        try
        {
            _ = Waiting(socket);

            // struct sock_fprog: a length, and a pointer at the next place that a pointer may have.
            Span<nint> value = [0, program.AddrOfPinnedObject()];
            MemoryMarshal.Write(MemoryMarshal.AsBytes(value), (ushort)s_ignoreSyn.Length);
            socket.SetRawSocketOption(SolSocket, SoAttachFilter, MemoryMarshal.AsBytes(value));
            return true;
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            program.Free();
        }
    }

    /// <summary>How many are connected and have not been accepted. Linux only.</summary>
    /// <exception cref="SocketException">The system does not tell, or the socket is closed.</exception>
    public static int Waiting(Socket socket)
    {
        Span<byte> info = stackalloc byte[TcpInfoUnacked + sizeof(int)];
        socket.GetRawSocketOption(IpProtoTcp, TcpInfo, info);
        return MemoryMarshal.Read<int>(info[TcpInfoUnacked..]);
    }

    /// <summary>struct sock_filter.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte JumpTrue, byte JumpFalse, int Value);
}
