using System.Buffers.Binary;

namespace Workspaces.Ssh.Ciphers;

/// <summary>No encryption, no authentication: until the first NEWKEYS (RFC 4253 section 6).</summary>
internal sealed class PlainOpener : PacketOpener
{
    public override int BlockLength => PlainSealer.Alignment;

    public override bool AlignsLengthField => true;

    public override int TagLength => 0;

    public override uint ReadLength(uint sequenceNumber, ReadOnlySpan<byte> lengthField) => BinaryPrimitives.ReadUInt32BigEndian(lengthField);

    public override bool TryOpen(uint sequenceNumber, ReadOnlySpan<byte> lengthField, ReadOnlySpan<byte> body, ReadOnlySpan<byte> tag, Span<byte> plain)
    {
        body.CopyTo(plain);
        return true;
    }

    public override void Dispose()
    {
    }
}
