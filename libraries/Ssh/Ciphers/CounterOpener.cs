using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Workspaces.Ssh.Ciphers;

/// <summary>AES-CTR, then HMAC, receiving. The length field stays in the clear (OpenSSH PROTOCOL section 1.5).</summary>
internal sealed class CounterOpener(KeyMaterial material) : PacketOpener
{
    private readonly CounterMode _counter = new(material.EncryptionKey, material.InitialVector);
    private readonly PacketMac _mac = new(material.Mac!, material.IntegrityKey);

    public override int BlockLength => CounterMode.Block;

    public override int TagLength => _mac.Length;

    public override uint ReadLength(uint sequenceNumber, ReadOnlySpan<byte> lengthField) => BinaryPrimitives.ReadUInt32BigEndian(lengthField);

    public override bool TryOpen(uint sequenceNumber, ReadOnlySpan<byte> lengthField, ReadOnlySpan<byte> body, ReadOnlySpan<byte> tag, Span<byte> plain)
    {
        Span<byte> expected = stackalloc byte[SHA512.HashSizeInBytes];
        expected = expected[.._mac.Length];
        _mac.Compute(sequenceNumber, lengthField, body, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, tag))
        {
            return false;
        }

        _counter.Transform(body, plain);
        return true;
    }

    public override void Dispose() => _mac.Dispose();
}
