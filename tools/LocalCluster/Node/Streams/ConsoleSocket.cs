using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Workspaces.LocalCluster.Node.Native;

namespace Workspaces.LocalCluster.Node.Streams;

/// <summary>The Unix socket on which the OCI runtime hands over the master side of a new terminal.</summary>
internal sealed class ConsoleSocket : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public ConsoleSocket(string folder)
    {
        Path = System.IO.Path.Combine(folder, $"tty-{Guid.NewGuid():N}"[..16]);
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen(1);
    }

    public string Path { get; }

    /// <summary>Waits for the runtime to connect and takes the terminal from it.</summary>
    public async Task<SafeFileHandle> ReceiveTerminalAsync(CancellationToken ct)
    {
        using var connection = await _listener.AcceptAsync(ct);
        // .NET puts accepted sockets in non-blocking mode; the descriptor comes with the first byte, so wait for that.
        await connection.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, ct);
        return new SafeFileHandle(Libc.ReceiveDescriptor(connection.SafeHandle), ownsHandle: true);
    }

    public void Dispose()
    {
        _listener.Dispose();
        File.Delete(Path);
    }
}
