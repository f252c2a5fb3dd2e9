using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Workspaces.LocalCluster.Node.Services;

/// <summary>Passes packets on and answers back, with a socket for each client that is forgotten when it has been quiet for a while.</summary>
internal sealed class UdpForwarder(Socket socket, ForwardingTargets targets) : IAsyncDisposable
{
    private const int LargestPacket = 65535;
    private const int MostClients = 4096;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<IPEndPoint, Socket> _clients = new();
    private Task _receiving = Task.CompletedTask;

    public UdpForwarder Start()
    {
        _receiving = Task.Run(ReceiveAsync);
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        socket.Dispose();
        await _receiving;
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }

        _stopping.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[LargestPacket];
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stopping.Token);
                if (Client((IPEndPoint)received.RemoteEndPoint) is { } outgoing)
                {
                    await outgoing.SendAsync(buffer.AsMemory(0, received.ReceivedBytes), SocketFlags.None, _stopping.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // A target that does not listen answers so to the packet before; packets may be lost, and clients know.
            }
        }
    }

    private Socket? Client(IPEndPoint client)
    {
        if (_clients.TryGetValue(client, out var known))
        {
            return known;
        }

        if (_clients.Count >= MostClients || targets.For(client.Address).FirstOrDefault() is not { } target)
        {
            return null;
        }

        var outgoing = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        outgoing.Connect(target);
        _clients[client] = outgoing;
        _ = AnswerAsync(client, outgoing);
        return outgoing;
    }

    private async Task AnswerAsync(IPEndPoint client, Socket outgoing)
    {
        var buffer = new byte[LargestPacket];
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        try
        {
            while (true)
            {
                quiet.CancelAfter(Quiet);
                var count = await outgoing.ReceiveAsync(buffer, SocketFlags.None, quiet.Token);
                await socket.SendToAsync(buffer.AsMemory(0, count), SocketFlags.None, client, quiet.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Quiet for long, the target does not listen, or the node stops: the next packet begins anew.
        }
        finally
        {
            _clients.TryRemove(client, out _);
            outgoing.Dispose();
        }
    }
}
