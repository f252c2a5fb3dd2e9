namespace Workspaces.Ssh.Ciphers;

/// <summary>Authenticates and decrypts incoming packets (RFC 4253 section 6). One per key, used by one reader.</summary>
internal abstract class PacketOpener : IDisposable
{
    /// <summary>What the padded part of a packet is a multiple of.</summary>
    public abstract int BlockLength { get; }

    /// <summary>Whether the length field counts towards that multiple: where it is encrypted with the rest, or nothing is.</summary>
    public virtual bool AlignsLengthField => false;

    /// <summary>Bytes after the packet that authenticate it.</summary>
    public abstract int TagLength { get; }

    /// <summary>The packet length that the four bytes of the length field say; not authenticated yet. Asked once for each packet, before it is opened.</summary>
    public abstract uint ReadLength(uint sequenceNumber, ReadOnlySpan<byte> lengthField);

    /// <summary>Verifies the tag and decrypts.</summary>
    /// <param name="sequenceNumber">The packet's number.</param>
    /// <param name="lengthField">The length field as received.</param>
    /// <param name="body">Padding length, payload and padding as received.</param>
    /// <param name="tag">The tag as received.</param>
    /// <param name="plain">Where the body goes; may be the same memory as <paramref name="body"/>.</param>
    /// <returns>False where the packet was not made by the peer.</returns>
    public abstract bool TryOpen(uint sequenceNumber, ReadOnlySpan<byte> lengthField, ReadOnlySpan<byte> body, ReadOnlySpan<byte> tag, Span<byte> plain);

    /// <inheritdoc/>
    public abstract void Dispose();
}
