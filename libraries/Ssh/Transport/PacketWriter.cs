using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Workspaces.Ssh.Ciphers;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Transport;

/// <summary>Frames and encrypts packets straight into the output's own memory (RFC 4253 section 6). Used by one writer at a time.</summary>
internal sealed class PacketWriter(PipeWriter output) : IDisposable
{
    private const int MinPadding = 4;

    /// <summary>Padding is cheap to draw in one go: a call to the random number generator costs as much as a small packet.</summary>
    private readonly byte[] _random = new byte[256];
    private int _randomUsed = 256;
    private PacketSealer _sealer = new PlainSealer();
    private uint _sequenceNumber;

    /// <summary>Bytes given to the stream in all.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>Bytes sealed with the current keys.</summary>
    public long KeyBytes { get; private set; }

    /// <summary>Packets sealed with the current keys.</summary>
    public long KeyPackets { get; private set; }

    /// <summary>Bytes written since the last flush.</summary>
    public int Unflushed { get; private set; }

    /// <summary>New keys from the next packet on (RFC 4253 section 7.3).</summary>
    public void SwitchTo(PacketSealer sealer, bool resetSequenceNumber)
    {
        _sealer.Dispose();
        _sealer = sealer;
        KeyBytes = 0;
        KeyPackets = 0;
        if (resetSequenceNumber)
        {
            _sequenceNumber = 0;
        }
    }

    /// <summary>Writes bytes outside of packets: the identification.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(output.GetSpan(bytes.Length));
        output.Advance(bytes.Length);
        TotalBytes += bytes.Length;
        Unflushed += bytes.Length;
    }

    /// <summary>Writes one packet; it leaves with the next flush.</summary>
    public void Write(ReadOnlySpan<byte> payload)
    {
        var lengthCounted = _sealer.AlignsLengthField ? PacketSealer.LengthFieldLength : 0;
        var block = _sealer.BlockLength;
        var padding = block - ((lengthCounted + 1 + payload.Length) % block);
        if (padding < MinPadding)
        {
            padding += block;
        }

        var packetLength = 1 + payload.Length + padding;
        var total = PacketSealer.LengthFieldLength + packetLength + _sealer.TagLength;
        var packet = output.GetSpan(total)[..total];
        BinaryPrimitives.WriteUInt32BigEndian(packet, (uint)packetLength);
        packet[PacketSealer.LengthFieldLength] = (byte)padding;
        payload.CopyTo(packet[(PacketSealer.LengthFieldLength + 1)..]);
        FillPadding(packet.Slice(PacketSealer.LengthFieldLength + 1 + payload.Length, padding));
        _sealer.Seal(_sequenceNumber, packet);
        output.Advance(total);

        TotalBytes += total;
        KeyBytes += total;
        KeyPackets++;
        Unflushed += total;
        if (++_sequenceNumber == 0)
        {
            // RFC 4344 section 3.1: rekeying comes long before; with strict key exchange a wrap must end the connection.
            throw new SshProtocolException(DisconnectReason.ProtocolError, "The sequence number of outgoing packets wrapped.");
        }
    }

    /// <summary>Hands what was written to the stream; waits while the stream takes no more.</summary>
    public ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken)
    {
        Unflushed = 0;
        return output.FlushAsync(cancellationToken);
    }

    /// <summary>Gives the stream back. Nothing may be writing.</summary>
    public void Dispose()
    {
        output.Complete();
        _sealer.Dispose();
    }

    private void FillPadding(Span<byte> padding)
    {
        if (_randomUsed + padding.Length > _random.Length)
        {
            RandomNumberGenerator.Fill(_random);
            _randomUsed = 0;
        }

        _random.AsSpan(_randomUsed, padding.Length).CopyTo(padding);
        _randomUsed += padding.Length;
    }
}
