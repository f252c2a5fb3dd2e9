using System.Net.Sockets;

namespace Workspaces.Proxy.Connecting;

/// <summary>
/// Finds dead peers: who does not acknowledge what was sent, or a probe, is given up after a time. Keepalives of the SSH protocol
/// are not the Proxy's to send; they go from end to end.
/// </summary>
internal static class SocketKeepAlive
{
    private const int TcpLevel = 6; // IPPROTO_TCP
    private const int TcpUserTimeout = 18; // TCP_USER_TIMEOUT of Linux, tcp(7)

    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(60);

    public static void Enable(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        if (OperatingSystem.IsLinux())
        {
            socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes((int)GiveUpAfter.TotalMilliseconds));
        }
    }
}
