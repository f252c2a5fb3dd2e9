using System.Net;
using System.Net.Sockets;

namespace Workspaces.LocalSuite.Processes;

/// <summary>TCP ports of the loopback interface.</summary>
public static class Ports
{
    /// <summary>
    /// Different ports that are free now. They come from below the range that the kernel gives to outgoing connections, so that none of
    /// those takes one before its server listens.
    /// </summary>
    public static IReadOnlyList<int> Free(int count)
    {
        const int first = 15000;
        const int afterLast = 32000;
        var offset = Random.Shared.Next(afterLast - first);
        var free = Enumerable.Range(0, afterLast - first).Select(step => first + ((offset + step) % (afterLast - first))).Where(IsFree).Take(count).ToList();
        return free.Count == count ? free : throw new InvalidOperationException($"This machine has no {count} free ports between {first} and {afterLast}.");
    }

    /// <summary>Whether a server could listen on it now.</summary>
    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // As servers do: connections in TIME_WAIT do not count.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Who listens on a port, for an error message: <c>postgres (pid 4711)</c>.</summary>
    public static string Owner(int port) =>
        ProcFileSystem.ListenerOf(port) is { } id ? $"pid {id} ({ProcFileSystem.CommandLine(id)})" : "a process that this user may not see";
}
