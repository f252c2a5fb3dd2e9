using System.Net;
using System.Net.Sockets;

namespace Workspaces.LocalCluster.Node.Services;

/// <summary>Takes in connections at one address and passes their bytes on, each direction until its own end.</summary>
internal sealed class TcpForwarder(Socket listener, ForwardingTargets targets, ForwardedPort port, ILogger log) : IAsyncDisposable
{
    private const int Backlog = 512;
    private const int BufferSize = 64 * 1024;

    private readonly CancellationTokenSource _stopping = new();
    private Task _accepting = Task.CompletedTask;

    public TcpForwarder Start()
    {
        listener.Listen(Backlog);
        _accepting = Task.Run(AcceptAsync);
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync(_stopping.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // The one connection failed before it was taken; the next may not.
                ServiceLog.ConnectionFailed(log, port.Owner, e.Message);
                continue;
            }

            _ = ForwardAsync(client, _stopping.Token);
        }
    }

    private async Task ForwardAsync(Socket client, CancellationToken ct)
    {
        using var incoming = client;
        try
        {
            using var outgoing = await ConnectAsync(((IPEndPoint)client.RemoteEndPoint!).Address, ct);
            if (outgoing is null)
            {
                // As a connection that a target refuses: the client sees a reset, not a clean end.
                incoming.LingerState = new LingerOption(true, 0);
                return;
            }

            incoming.NoDelay = outgoing.NoDelay = true;
            await Task.WhenAll(CopyAsync(incoming, outgoing, ct), CopyAsync(outgoing, incoming, ct));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Either side was reset, or the node stops: the other side is closed with it.
        }
    }

    private async Task<Socket?> ConnectAsync(IPAddress client, CancellationToken ct)
    {
        foreach (var target in targets.For(client))
        {
            var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(target, ct);
                return socket;
            }
            catch (SocketException e)
            {
                socket.Dispose();
                ServiceLog.ConnectionFailed(log, port.Owner, $"{target}: {e.Message}");
            }
        }

        return null;
    }

    private static async Task CopyAsync(Socket from, Socket to, CancellationToken ct)
    {
        var buffer = new byte[BufferSize];
        while (await from.ReceiveAsync(buffer, ct) is > 0 and var count)
        {
            for (var sent = 0; sent < count;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), ct);
            }
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
