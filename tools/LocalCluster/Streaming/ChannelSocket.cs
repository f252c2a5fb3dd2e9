using System.Net.WebSockets;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Streaming;

/// <summary>
/// A WebSocket that carries several streams: each message begins with a byte that names its channel
/// (remotecommand's v4 and v5.channel.k8s.io). Sends one message at a time; receiving is for one reader.
/// </summary>
internal sealed class ChannelSocket(WebSocket socket, string protocol) : IDisposable
{
    public const string Version4 = "v4.channel.k8s.io";
    public const string Version5 = "v5.channel.k8s.io";

    private const int Chunk = 32 * 1024;
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly byte[] _received = new byte[64 * 1024];

    /// <summary>The channel of a message of which more parts follow.</summary>
    private byte? _openChannel;

    /// <summary>From version 5 on a client can close a stream (channel 255).</summary>
    public bool CanCloseStreams => protocol == Version5;

    /// <summary>Accepts the upgrade with the best protocol that the client offers; an error that says what to use where there is none.</summary>
    public static async Task<ChannelSocket> AcceptAsync(HttpContext http)
    {
        RequireUpgrade(http);
        var offered = http.WebSockets.WebSocketRequestedProtocols;
        var protocol = offered.Contains(Version5) ? Version5 : offered.Contains(Version4) ? Version4 : null;
        if (protocol is null)
        {
            throw ApiErrors.NotImplemented($"the WebSocket protocols [{string.Join(", ", offered)}]; offer {Version5} or {Version4}");
        }

        var context = new WebSocketAcceptContext { SubProtocol = protocol, KeepAliveInterval = TimeSpan.FromSeconds(30) };
        return new ChannelSocket(await http.WebSockets.AcceptWebSocketAsync(context), protocol);
    }

    /// <summary>Refuses what is no WebSocket, before anything is started for it.</summary>
    public static void RequireUpgrade(HttpContext http)
    {
        if (http.WebSockets.IsWebSocketRequest)
        {
            return;
        }

        throw http.Request.Headers.Upgrade.ToString().StartsWith("SPDY", StringComparison.OrdinalIgnoreCase)
            ? ApiErrors.NotImplemented("SPDY; use a client that speaks WebSocket (kubectl 1.31 or later does by default)")
            : ApiErrors.BadRequest("Upgrade request required");
    }

    public async Task SendAsync(byte channel, ReadOnlyMemory<byte> data, CancellationToken ct)
    {
        await _sending.WaitAsync(ct);
        try
        {
            var message = new byte[data.Length + 1];
            message[0] = channel;
            data.CopyTo(message.AsMemory(1));
            await socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, ct);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Copies a stream into a channel until it ends.</summary>
    public async Task PumpAsync(Stream from, byte channel, CancellationToken ct)
    {
        var buffer = new byte[Chunk];
        int read;
        while ((read = await from.ReadAsync(buffer, ct)) > 0)
        {
            await SendAsync(channel, buffer.AsMemory(0, read), ct);
        }
    }

    /// <summary>
    /// The next message, or null when the client has closed. The payload is valid until the next call. A message larger than the buffer
    /// arrives in parts, each under the same channel.
    /// </summary>
    public async Task<(byte Channel, ReadOnlyMemory<byte> Data)?> ReceiveAsync(CancellationToken ct)
    {
        while (true)
        {
            var start = _openChannel is null ? 0 : 1;
            WebSocketReceiveResult result;
            try
            {
                result = await socket.ReceiveAsync(new ArraySegment<byte>(_received, start, _received.Length - start), ct);
            }
            catch (WebSocketException)
            {
                // The connection broke: for the process behind it that is the same as a close.
                return null;
            }

            if (result.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            if (start == 0 && result.Count == 0)
            {
                continue;
            }

            var channel = _openChannel ?? _received[0];
            _openChannel = result.EndOfMessage ? null : channel;
            return (channel, _received.AsMemory(1, start == 1 ? result.Count : result.Count - 1));
        }
    }

    /// <summary>
    /// Says that nothing more comes and waits a little for the client to say so too. Without that wait the connection would be reset, and
    /// what was sent last could be lost. <paramref name="client"/> ends when the client has closed.
    /// </summary>
    public async Task CloseAsync(Task client)
    {
        using var limit = new CancellationTokenSource(CloseTimeout);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
            }

            await client.WaitAsync(limit.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The other side went first, or never answers: nothing more can be done for it.
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        _sending.Dispose();
    }
}
