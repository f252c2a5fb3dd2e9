using Microsoft.Win32.SafeHandles;
using Workspaces.LocalCluster.Node.Native;

namespace Workspaces.LocalCluster.Node.Streams;

/// <summary>The master side of a pseudo-terminal whose other side a container's program has as its standard streams.</summary>
internal sealed class Terminal : IDisposable
{
    private readonly SafeFileHandle _handle;

    public Terminal(SafeFileHandle handle)
    {
        _handle = handle;
        Stream = new FileStream(handle, FileAccess.ReadWrite, bufferSize: 0, isAsync: false);
    }

    /// <summary>Both directions. A read fails with an IOException (EIO) when the last program has left the terminal.</summary>
    public Stream Stream { get; }

    public void Resize(int columns, int rows) => Libc.SetTerminalSize(_handle, columns, rows);

    public void Dispose() => Stream.Dispose();
}
