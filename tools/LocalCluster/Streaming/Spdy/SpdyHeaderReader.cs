using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Workspaces.LocalCluster.Streaming.Spdy;

/// <summary>
/// Reads the header blocks of one connection (SPDY/3.1, 2.6.10): pairs of names and values, all of them one compressed stream with the dictionary before
/// it. .NET inflates without a dictionary, so the dictionary is put in front as a block that is not compressed, and its output thrown away.
/// </summary>
internal sealed class SpdyHeaderReader : IDisposable
{
    private const int MaxHeaders = 64;
    private const int MaxText = 16 * 1024;
    private const byte HasDictionary = 0x20;

    private readonly Feed _feed = new();
    private readonly DeflateStream _inflate;
    private bool _begun;

    public SpdyHeaderReader()
    {
        _inflate = new DeflateStream(_feed, CompressionMode.Decompress);
        _feed.Next = SpdyHeaderWriter.StoredBlock(SpdyDictionary.Bytes);
        _inflate.ReadExactly(new byte[SpdyDictionary.Bytes.Length]);
    }

    /// <summary>The headers of the next block, their names in lower case.</summary>
    public IReadOnlyDictionary<string, string> Read(ReadOnlyMemory<byte> block)
    {
        _feed.Next = _begun ? block : AfterPreamble(block);
        _begun = true;
        try
        {
            var count = Number();
            if (count > MaxHeaders)
            {
                throw new SpdyException($"A stream with {count} headers.");
            }

            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < count; i++)
            {
                var name = Text();
                headers[name] = Text();
            }

            return headers;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new SpdyException($"The headers of a stream cannot be read: {e.Message}");
        }
    }

    public void Dispose()
    {
        _inflate.Dispose();
        _feed.Dispose();
    }

    /// <summary>Zlib's own header (RFC 1950): two bytes, and four that name the dictionary where there is one.</summary>
    private static ReadOnlyMemory<byte> AfterPreamble(ReadOnlyMemory<byte> block)
    {
        var length = block.Length >= 2 && (block.Span[1] & HasDictionary) != 0 ? 6 : 2;
        return block.Length > length ? block[length..] : throw new SpdyException("The headers of a stream are cut short.");
    }

    private int Number()
    {
        Span<byte> bytes = stackalloc byte[4];
        _inflate.ReadExactly(bytes);
        var number = BinaryPrimitives.ReadInt32BigEndian(bytes);
        return number is >= 0 and <= MaxText ? number : throw new SpdyException($"A header of {number} bytes.");
    }

    private string Text()
    {
        var bytes = new byte[Number()];
        _inflate.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>The compressed bytes as they come, block by block.</summary>
    private sealed class Feed : Stream
    {
        public ReadOnlyMemory<byte> Next { get; set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, Next.Length);
            Next.Span[..count].CopyTo(buffer);
            Next = Next[count..];
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
