using System.Buffers.Binary;
using System.Text;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Pods;
using Workspaces.LocalCluster.Serving;

namespace Workspaces.LocalCluster.Streaming;

/// <summary>
/// Forwards ports over the channels of a WebSocket: for the n-th port, channel 2n carries its bytes and 2n+1 what goes wrong; each begins with the port's
/// number in two bytes, low byte first. One connection to each port.
/// </summary>
internal static class ChannelPortForward
{
    private const int MaxPorts = 100;

    public static async Task RunAsync(ApiRequest request, IPodStreams streams, PodTarget target)
    {
        var http = request.Http;
        var ports = request.Query["ports"].SelectMany(p => (p ?? "").Split(',')).Select(p => int.TryParse(p, out var port) && port is > 0 and < 65536
            ? port
            : throw ApiErrors.BadRequest($"invalid port {p}")).ToList();
        if (ports.Count is 0 or > MaxPorts)
        {
            throw ApiErrors.BadRequest("query parameter \"ports\" is required: the ports to forward");
        }

        using var socket = await ChannelSocket.AcceptAsync(http);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var connections = new List<Task<Stream?>>();
        foreach (var (port, index) in ports.Select((p, i) => (p, i)))
        {
            var number = new byte[2];
            BinaryPrimitives.WriteUInt16LittleEndian(number, (ushort)port);
            await socket.SendAsync((byte)(2 * index), number, ending.Token);
            await socket.SendAsync((byte)((2 * index) + 1), number, ending.Token);
            connections.Add(ConnectAsync(streams, target, port, (byte)((2 * index) + 1), socket, ending.Token));
        }

        var pumps = connections.Select((c, i) => PumpAsync(c, (byte)(2 * i), socket, ending.Token)).ToList();
        var input = ReadClientAsync(socket, connections, ending.Token);
        try
        {
            await Task.WhenAny(input, Task.WhenAll(pumps));
            await socket.CloseAsync(input);
        }
        finally
        {
            await ending.CancelAsync();
            foreach (var connection in connections.Where(c => c.IsCompletedSuccessfully))
            {
                (await connection)?.Dispose();
            }
        }
    }

    private static async Task<Stream?> ConnectAsync(IPodStreams streams, PodTarget target, int port, byte errors, ChannelSocket socket, CancellationToken ct)
    {
        try
        {
            return await streams.ConnectAsync(target.Namespace, target.Pod, port, ct);
        }
        catch (Exception e) when (e is ApiStatusException or IOException or System.Net.Sockets.SocketException)
        {
            var text = $"error forwarding port {port} to pod {target.Uid}, uid : {e.Message}";
            await socket.SendAsync(errors, Encoding.UTF8.GetBytes(text), ct);
            return null;
        }
    }

    private static async Task PumpAsync(Task<Stream?> connection, byte channel, ChannelSocket socket, CancellationToken ct)
    {
        if (await connection is { } stream)
        {
            try
            {
                await socket.PumpAsync(stream, channel, ct);
            }
            catch (IOException)
            {
                // The pod's side reset the connection: it is over, like an end.
            }
        }
    }

    private static async Task ReadClientAsync(ChannelSocket socket, List<Task<Stream?>> connections, CancellationToken ct)
    {
        while (await socket.ReceiveAsync(ct) is { } message)
        {
            var index = message.Channel / 2;
            if (message.Channel % 2 == 0 && index < connections.Count && await connections[index] is { } stream)
            {
                try
                {
                    await stream.WriteAsync(message.Data, ct);
                }
                catch (IOException)
                {
                    // The pod's side closed; its pump ends by itself.
                }
            }
        }
    }
}
