using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Workspaces.LocalCluster.Streaming.Spdy;

/// <summary>
/// The server's side of SPDY/3.1 as Kubernetes' clients speak it: the client opens streams, frames are sent one at a time, pings are answered. What a
/// client may send is limited by how fast it is read; window sizes are announced for clients that count them and, as those clients do, not counted here.
/// </summary>
internal sealed class SpdyConnection(Stream transport) : IDisposable
{
    private const int HeaderLength = 8;
    private const int MaxFrame = 1 << 20;
    private const int MaxStreams = 10_000;
    private const byte Last = 0x01;
    private const int Version = 3;

    private readonly ConcurrentDictionary<int, SpdyStream> _streams = new();
    private readonly SpdyHeaderReader _headers = new();
    private readonly SpdyHeaderWriter _replyHeaders = new();
    private readonly SemaphoreSlim _sending = new(1, 1);

    /// <summary>
    /// Reads frames until the client leaves. <paramref name="accept"/> is told of each new stream and says whether it is taken; it must not block.
    /// <see cref="SpdyException"/> where the client breaks the protocol.
    /// </summary>
    public async Task RunAsync(Func<SpdyStream, bool> accept, CancellationToken ct)
    {
        var header = new byte[HeaderLength];
        try
        {
            while (await transport.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false, ct) == HeaderLength)
            {
                var length = (int)(BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4)) & 0xffffff);
                if (length > MaxFrame)
                {
                    throw new SpdyException($"A frame of {length} bytes.");
                }

                var payload = new byte[length];
                await transport.ReadExactlyAsync(payload, ct);
                if (!await HandleAsync(header, payload, accept, ct))
                {
                    return;
                }
            }
        }
        catch (EndOfStreamException)
        {
            // The client left in the middle of a frame, which is leaving all the same.
        }
        finally
        {
            foreach (var stream in _streams.Values)
            {
                stream.Break("the connection is closed");
            }
        }
    }

    public void Dispose()
    {
        _headers.Dispose();
        _sending.Dispose();
    }

    /// <summary>Forgets a stream that is over in both directions, and what of it was not read.</summary>
    public void Remove(SpdyStream stream)
    {
        _streams.TryRemove(stream.Id, out _);
        stream.Dispose();
    }

    internal Task SendDataAsync(int stream, ReadOnlyMemory<byte> data, bool last, CancellationToken ct)
    {
        var frame = new byte[HeaderLength + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, stream);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), data.Length | (last ? Last << 24 : 0));
        data.CopyTo(frame.AsMemory(HeaderLength));
        return SendAsync(frame, ct);
    }

    internal Task ResetAsync(int stream, SpdyStatus status, CancellationToken ct) => SendAsync(Control(SpdyFrameType.RstStream, stream, (int)status), ct);

    private static byte[] Control(SpdyFrameType type, params ReadOnlySpan<int> numbers)
    {
        var frame = new byte[HeaderLength + (4 * numbers.Length)];
        BinaryPrimitives.WriteUInt16BigEndian(frame, 0x8000 | Version);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)type);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), frame.Length - HeaderLength);
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(HeaderLength + (4 * i)), numbers[i]);
        }

        return frame;
    }

    /// <summary>The number at a place of a payload; 0 where the payload is too short for it.</summary>
    private static int Number(byte[] payload, int at = 0) =>
        payload.Length >= at + 4 ? BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(at)) & 0x7fffffff : throw new SpdyException("A frame is cut short.");

    /// <summary>Takes in one frame; false when the client says that it goes.</summary>
    private async Task<bool> HandleAsync(byte[] header, byte[] payload, Func<SpdyStream, bool> accept, CancellationToken ct)
    {
        var last = (header[4] & Last) != 0;
        if ((header[0] & 0x80) == 0)
        {
            await ReceiveAsync(BinaryPrimitives.ReadInt32BigEndian(header), payload, last, ct);
            return true;
        }

        switch ((SpdyFrameType)BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2)))
        {
            case SpdyFrameType.SynStream:
                await OpenAsync(payload, last, accept, ct);
                break;
            case SpdyFrameType.RstStream:
                if (_streams.TryRemove(Number(payload), out var stream))
                {
                    stream.Break("the client reset the stream");
                }

                break;
            case SpdyFrameType.Ping:
                await SendAsync(Control(SpdyFrameType.Ping, Number(payload)), ct);
                break;
            case SpdyFrameType.GoAway:
                return false;
            case SpdyFrameType.Headers:
                // Nothing is said in them, but they are part of the one compressed stream.
                _headers.Read(payload.AsMemory(4));
                break;
        }

        return true;
    }

    private async Task OpenAsync(byte[] payload, bool last, Func<SpdyStream, bool> accept, CancellationToken ct)
    {
        const int BeforeHeaders = 10;
        if (payload.Length < BeforeHeaders)
        {
            throw new SpdyException("A frame is cut short.");
        }

        var id = Number(payload);
        var stream = new SpdyStream(this, id, _headers.Read(payload.AsMemory(BeforeHeaders)));
        if (id % 2 == 0 || _streams.ContainsKey(id))
        {
            await ResetAsync(id, SpdyStatus.ProtocolError, ct);
            return;
        }

        if (_streams.Count >= MaxStreams)
        {
            await ResetAsync(id, SpdyStatus.RefusedStream, ct);
            return;
        }

        _streams[id] = stream;
        await stream.ReceiveAsync(default, last, ct);

        // The reply goes first: what the stream's handler sends must not overtake it.
        var headers = _replyHeaders.Empty();
        var reply = Control(SpdyFrameType.SynReply, id);
        BinaryPrimitives.WriteInt32BigEndian(reply.AsSpan(4), 4 + headers.Length);
        byte[] whole = [.. reply, .. headers];
        await SendAsync(whole, ct);
        if (!accept(stream))
        {
            _streams.TryRemove(id, out _);
            await ResetAsync(id, SpdyStatus.Cancel, ct);
        }
    }

    private async Task ReceiveAsync(int id, byte[] data, bool last, CancellationToken ct)
    {
        if (!_streams.TryGetValue(id, out var stream))
        {
            // The stream is over here and the client does not know it yet.
            return;
        }

        await stream.ReceiveAsync(data, last, ct);
        if (data.Length > 0)
        {
            byte[] updates = [.. Control(SpdyFrameType.WindowUpdate, id, data.Length), .. Control(SpdyFrameType.WindowUpdate, 0, data.Length)];
            await SendAsync(updates, ct);
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> frame, CancellationToken ct)
    {
        await _sending.WaitAsync(ct);
        try
        {
            await transport.WriteAsync(frame, ct);
            await transport.FlushAsync(ct);
        }
        finally
        {
            _sending.Release();
        }
    }
}
