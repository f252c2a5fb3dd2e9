namespace Workspaces.Ssh.Ciphers;

/// <summary>No encryption, no authentication: until the first NEWKEYS (RFC 4253 section 6).</summary>
internal sealed class PlainSealer : PacketSealer
{
    public const int Alignment = 8;

    public override int BlockLength => Alignment;

    public override bool AlignsLengthField => true;

    public override int TagLength => 0;

    public override void Seal(uint sequenceNumber, Span<byte> packet)
    {
    }

    public override void Dispose()
    {
    }
}
