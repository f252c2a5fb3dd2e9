using System.Buffers.Binary;

namespace Workspaces.LocalCluster.Streaming.Spdy;

/// <summary>
/// Writes the header blocks of one connection. What a server of Kubernetes says in headers is nothing, so nothing is gained by compressing it: blocks are
/// stored as they are, in the form of a compressed stream.
/// </summary>
internal sealed class SpdyHeaderWriter
{
    private bool _begun;

    /// <summary>The next block: no headers at all.</summary>
    public byte[] Empty()
    {
        byte[] noHeaders = [0, 0, 0, 0];

        // The empty block behind it is how a compressor flushes: readers hand out what they have when they meet it, and not before.
        byte[] block = [.. StoredBlock(noHeaders), .. StoredBlock([])];
        if (_begun)
        {
            return block;
        }

        _begun = true;
        var preamble = new byte[6];
        (preamble[0], preamble[1]) = (0x78, 0x20);
        BinaryPrimitives.WriteUInt32BigEndian(preamble.AsSpan(2), SpdyDictionary.Id);
        return [.. preamble, .. block];
    }

    /// <summary>A block of a compressed stream that is not compressed (RFC 1951, 3.2.4), with others to follow.</summary>
    public static byte[] StoredBlock(ReadOnlySpan<byte> content)
    {
        var block = new byte[5 + content.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(1), (ushort)content.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(3), (ushort)~content.Length);
        content.CopyTo(block.AsSpan(5));
        return block;
    }
}
