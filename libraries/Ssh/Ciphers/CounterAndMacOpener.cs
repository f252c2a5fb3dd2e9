using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Workspaces.Ssh.Ciphers;

/// <summary>HMAC of the plain packet, beside AES-CTR of the whole packet with its length field, receiving (RFC 4253 section 6.4).</summary>
internal sealed class CounterAndMacOpener(KeyMaterial material) : PacketOpener
{
    private readonly CounterMode _counter = new(material.EncryptionKey, material.InitialVector);
    private readonly PacketMac _mac = new(material.Mac!, material.IntegrityKey);

    /// <summary>The key stream of the packet's first block: its beginning covers the length field, the rest the beginning of the body.</summary>
    private readonly byte[] _firstBlock = new byte[CounterMode.Block];

    public override int BlockLength => CounterMode.Block;

    public override bool AlignsLengthField => true;

    public override int TagLength => _mac.Length;

    public override uint ReadLength(uint sequenceNumber, ReadOnlySpan<byte> lengthField)
    {
        _firstBlock.AsSpan().Clear();
        _counter.Transform(_firstBlock, _firstBlock);
        return BinaryPrimitives.ReadUInt32BigEndian(lengthField) ^ BinaryPrimitives.ReadUInt32BigEndian(_firstBlock);
    }

    public override bool TryOpen(uint sequenceNumber, ReadOnlySpan<byte> lengthField, ReadOnlySpan<byte> body, ReadOnlySpan<byte> tag, Span<byte> plain)
    {
        var stream = _firstBlock.AsSpan(PacketSealer.LengthFieldLength);
        for (var i = 0; i < stream.Length; i++)
        {
            plain[i] = (byte)(body[i] ^ stream[i]);
        }

        _counter.Transform(body[stream.Length..], plain[stream.Length..]);

        Span<byte> plainLength = stackalloc byte[PacketSealer.LengthFieldLength];
        BinaryPrimitives.WriteUInt32BigEndian(plainLength, (uint)body.Length);
        Span<byte> expected = stackalloc byte[SHA512.HashSizeInBytes];
        expected = expected[.._mac.Length];
        _mac.Compute(sequenceNumber, plainLength, plain[..body.Length], expected);
        return CryptographicOperations.FixedTimeEquals(expected, tag);
    }

    public override void Dispose() => _mac.Dispose();
}
