namespace Workspaces.Ssh.Ciphers;

/// <summary>Encrypts and authenticates outgoing packets (RFC 4253 section 6). One per key, used by one writer at a time.</summary>
internal abstract class PacketSealer : IDisposable
{
    /// <summary>The four bytes of the packet length.</summary>
    public const int LengthFieldLength = sizeof(uint);

    /// <summary>What the padded part of a packet is a multiple of.</summary>
    public abstract int BlockLength { get; }

    /// <summary>Whether the length field counts towards that multiple: where it is encrypted with the rest, or nothing is (RFC 4253 section 6; RFC 5647 section 7.2 and EtM exclude it).</summary>
    public virtual bool AlignsLengthField => false;

    /// <summary>Bytes after the packet that authenticate it.</summary>
    public abstract int TagLength { get; }

    /// <summary>Seals in place: length field, padding length, payload, padding, and room for the tag.</summary>
    public abstract void Seal(uint sequenceNumber, Span<byte> packet);

    /// <inheritdoc/>
    public abstract void Dispose();
}
