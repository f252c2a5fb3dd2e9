using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Workspaces.Ssh.Ciphers;

/// <summary>chacha20-poly1305@openssh.com, receiving (OpenSSH PROTOCOL.chacha20poly1305).</summary>
internal sealed class ChaChaOpener(byte[] key) : PacketOpener
{
    private readonly ChaChaKeys _keys = new(key);

    public override int BlockLength => ChaChaKeys.Block;

    public override int TagLength => ChaChaKeys.Tag;

    public override uint ReadLength(uint sequenceNumber, ReadOnlySpan<byte> lengthField)
    {
        Span<byte> plain = stackalloc byte[PacketSealer.LengthFieldLength];
        _keys.TransformLength(sequenceNumber, lengthField, plain);
        return BinaryPrimitives.ReadUInt32BigEndian(plain);
    }

    public override bool TryOpen(uint sequenceNumber, ReadOnlySpan<byte> lengthField, ReadOnlySpan<byte> body, ReadOnlySpan<byte> tag, Span<byte> plain)
    {
        Span<byte> expected = stackalloc byte[ChaChaKeys.Tag];
        _keys.StartPacket(sequenceNumber);
        _keys.ComputeTag(lengthField, body, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, tag))
        {
            return false;
        }

        _keys.TransformBody(body, plain);
        return true;
    }

    public override void Dispose()
    {
    }
}
