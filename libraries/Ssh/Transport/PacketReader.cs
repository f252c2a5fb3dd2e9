using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Workspaces.Ssh.Ciphers;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Transport;

/// <summary>Cuts a byte stream into packets, decrypts them and hands out their payload (RFC 4253 section 6). Used by one reader.</summary>
/// <remarks>A payload stays valid until the next read: it lies in one pooled buffer, given back when the connection falls idle.</remarks>
internal sealed class PacketReader(PipeReader input, int maxPacketLength) : IDisposable
{
    /// <summary>RFC 4253 section 6: a packet has at least padding length, one byte of payload and four of padding.</summary>
    private const int MinPacketLength = 1 + 1 + MinPadding;
    private const int MinPadding = 4;

    private ReadOnlySequence<byte> _received;
    private bool _holdsReceived;
    private byte[]? _lease;
    private PacketOpener _opener = new PlainOpener();
    private uint _sequenceNumber;

    // The length of the packet that is arriving, or 0 before its length field is there.
    private int _packetLength;
    private uint _lengthField;

    /// <summary>Bytes taken from the stream in all.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>Packets opened in all.</summary>
    public long TotalPackets { get; private set; }

    /// <summary>Bytes opened with the current keys.</summary>
    public long KeyBytes { get; private set; }

    /// <summary>Packets opened with the current keys.</summary>
    public long KeyPackets { get; private set; }

    /// <summary>The number of the packet that was handed out last (RFC 4253 section 11.4: what UNIMPLEMENTED names).</summary>
    public uint LastSequenceNumber => _sequenceNumber - 1;

    /// <summary>Whether the next packet has arrived completely, so that reading it does not wait.</summary>
    public bool HasPacket => TryReadLength() && _received.Length >= TotalLength;

    private int TotalLength => PacketSealer.LengthFieldLength + _packetLength + _opener.TagLength;

    /// <summary>New keys from the next packet on (RFC 4253 section 7.3).</summary>
    public void SwitchTo(PacketOpener opener, bool resetSequenceNumber)
    {
        _opener.Dispose();
        _opener = opener;
        KeyBytes = 0;
        KeyPackets = 0;
        if (resetSequenceNumber)
        {
            _sequenceNumber = 0;
        }
    }

    /// <summary>Reads one line that ends with LF, without its CR LF; null where the stream ends before.</summary>
    public async ValueTask<byte[]?> ReadLineAsync(int maxLength, CancellationToken cancellationToken)
    {
        while (true)
        {
            var end = _holdsReceived ? _received.PositionOf((byte)'\n') : null;
            if (end is { } position)
            {
                var line = _received.Slice(0, position).ToArray();
                var length = _received.GetPosition(1, position);
                TotalBytes += line.Length + 1;
                _received = _received.Slice(length);
                return line.Length <= maxLength
                    ? line is [.., (byte)'\r'] ? line[..^1] : line
                    : throw new SshProtocolException(DisconnectReason.ProtocolVersionNotSupported, "A line before the key exchange is too long.");
            }

            if (_holdsReceived && _received.Length > maxLength)
            {
                throw new SshProtocolException(DisconnectReason.ProtocolVersionNotSupported, "A line before the key exchange is too long.");
            }

            if (!await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                return null;
            }
        }
    }

    /// <summary>Reads one packet and returns its payload.</summary>
    /// <exception cref="SshDisconnectedException">The stream ended.</exception>
    /// <exception cref="SshProtocolException">The packet is not acceptable.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        while (!HasPacket)
        {
            if (!await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                throw new SshDisconnectedException(DisconnectReason.ConnectionLost, "The connection was closed by the other side.", byPeer: true);
            }
        }

        return OpenPacket();
    }

    /// <summary>Gives the stream back. Nothing may be reading.</summary>
    public void Dispose()
    {
        input.Complete();
        ReleaseLease();
        _opener.Dispose();
    }

    /// <summary>Waits for more bytes; false at the end of the stream.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        long before = 0;
        if (_holdsReceived)
        {
            before = _received.Length;
            _holdsReceived = false;
            input.AdvanceTo(_received.Start, _received.End);
        }

        var reading = input.ReadAsync(cancellationToken);
        if (!reading.IsCompleted)
        {
            ReleaseLease();
        }

        var result = await reading.ConfigureAwait(false);
        _received = result.Buffer;
        _holdsReceived = true;
        return result.Buffer.Length > before || !result.IsCompleted;
    }

    private bool TryReadLength()
    {
        if (_packetLength > 0)
        {
            return true;
        }

        if (!_holdsReceived || _received.Length < PacketSealer.LengthFieldLength)
        {
            return false;
        }

        Span<byte> field = stackalloc byte[PacketSealer.LengthFieldLength];
        _received.Slice(0, PacketSealer.LengthFieldLength).CopyTo(field);
        _lengthField = BitConverter.ToUInt32(field);
        var length = _opener.ReadLength(_sequenceNumber, field);
        var aligned = length + (_opener.AlignsLengthField ? (uint)PacketSealer.LengthFieldLength : 0);
        if (length < MinPacketLength || length > (uint)maxPacketLength || aligned % (uint)_opener.BlockLength != 0)
        {
            throw new SshProtocolException(DisconnectReason.ProtocolError, $"A packet length of {length} is not acceptable.");
        }

        _packetLength = (int)length;
        return true;
    }

    private ReadOnlyMemory<byte> OpenPacket()
    {
        var tagLength = _opener.TagLength;
        var sealedLength = _packetLength + tagLength;
        var lease = Lease(sealedLength);
        Span<byte> field = stackalloc byte[PacketSealer.LengthFieldLength];
        BitConverter.TryWriteBytes(field, _lengthField);

        var packet = _received.Slice(PacketSealer.LengthFieldLength, sealedLength);
        scoped ReadOnlySpan<byte> body;
        if (packet.IsSingleSegment)
        {
            body = packet.FirstSpan;
        }
        else
        {
            packet.CopyTo(lease);
            body = lease.AsSpan(0, sealedLength);
        }

        var plain = lease.AsSpan(0, _packetLength);
        if (!_opener.TryOpen(_sequenceNumber, field, body[.._packetLength], body[_packetLength..], plain))
        {
            throw new SshProtocolException(DisconnectReason.MacError, "A packet failed its integrity check.");
        }

        var padding = plain[0];
        if (padding < MinPadding || padding > _packetLength - 2)
        {
            throw new SshProtocolException(DisconnectReason.ProtocolError, $"A padding of {padding} bytes is not acceptable.");
        }

        var payload = lease.AsMemory(1, _packetLength - 1 - padding);
        Count(PacketSealer.LengthFieldLength + sealedLength);
        _received = _received.Slice(packet.End);
        _packetLength = 0;
        return payload;
    }

    private void Count(int bytes)
    {
        TotalBytes += bytes;
        TotalPackets++;
        KeyBytes += bytes;
        KeyPackets++;
        if (++_sequenceNumber == 0)
        {
            // RFC 4344 section 3.1: rekeying comes long before; with strict key exchange a wrap must end the connection.
            throw new SshProtocolException(DisconnectReason.ProtocolError, "The sequence number of incoming packets wrapped.");
        }
    }

    private byte[] Lease(int length)
    {
        if (_lease is null || _lease.Length < length)
        {
            ReleaseLease();
            _lease = ArrayPool<byte>.Shared.Rent(length);
        }

        return _lease;
    }

    private void ReleaseLease()
    {
        if (_lease is not null)
        {
            ArrayPool<byte>.Shared.Return(_lease);
            _lease = null;
        }
    }
}
