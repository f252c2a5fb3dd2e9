using System.Net.Sockets;

namespace Workspaces.Ssh.Transport;

/// <summary>Which exceptions of a stream or pipe mean that the connection under this one is gone.</summary>
internal static class TransportFailure
{
    /// <summary>
    /// Resets, aborts (Kestrel's are cancellations), disposed streams, and pipes that the transport has completed.
    /// </summary>
    public static bool Is(Exception e) => e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;
}
