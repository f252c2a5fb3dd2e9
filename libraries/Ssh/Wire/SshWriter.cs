using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Workspaces.Ssh.Wire;

/// <summary>Builds a structure of the data types of RFC 4251 section 5 in a growing buffer.</summary>
/// <remarks>For handshakes, keys and certificates; relayed packets never pass through it.</remarks>
public sealed class SshWriter
{
    private byte[] _buffer;
    private int _length;

    /// <summary>Starts empty.</summary>
    public SshWriter(int capacity = 256) => _buffer = new byte[capacity];

    /// <summary>Starts with the number of a message.</summary>
    public static SshWriter Message(byte messageNumber)
    {
        var writer = new SshWriter();
        writer.WriteByte(messageNumber);
        return writer;
    }

    /// <summary>What has been written so far; valid until the next write.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(0, _length);

    /// <summary>What has been written so far; valid until the next write.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _length);

    /// <summary>A copy of what has been written.</summary>
    public byte[] ToArray() => WrittenSpan.ToArray();

    /// <summary>Overwrites what has been written: for buffers that held secrets.</summary>
    public void Erase()
    {
        CryptographicOperations.ZeroMemory(_buffer);
        _length = 0;
    }

    /// <summary>A single byte.</summary>
    public void WriteByte(byte value) => Reserve(1)[0] = value;

    /// <summary>A boolean, as 0 or 1.</summary>
    public void WriteBoolean(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    /// <summary>A big-endian 32-bit number.</summary>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(sizeof(uint)), value);

    /// <summary>A big-endian 64-bit number.</summary>
    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Reserve(sizeof(ulong)), value);

    /// <summary>Bytes as they are, without a length.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    /// <summary>A string of arbitrary bytes with its length.</summary>
    public void WriteString(ReadOnlySpan<byte> bytes)
    {
        WriteUInt32((uint)bytes.Length);
        WriteRaw(bytes);
    }

    /// <summary>A string of text, as UTF-8.</summary>
    public void WriteString(string text) => WriteString(Encoding.UTF8.GetBytes(text));

    /// <summary>A comma-separated list of names.</summary>
    public void WriteNameList(IEnumerable<string> names) => WriteString(string.Join(',', names));

    /// <summary>A non-negative mpint from its big-endian magnitude; leading zero bytes are allowed in the input.</summary>
    public void WriteMpint(ReadOnlySpan<byte> magnitude)
    {
        magnitude = magnitude.TrimStart((byte)0);
        var signByte = magnitude.Length > 0 && (magnitude[0] & 0x80) != 0;
        WriteUInt32((uint)(magnitude.Length + (signByte ? 1 : 0)));
        if (signByte)
        {
            WriteByte(0);
        }

        WriteRaw(magnitude);
    }

    private Span<byte> Reserve(int count)
    {
        if (_length + count > _buffer.Length)
        {
            var larger = new byte[Math.Max(_buffer.Length * 2, _length + count)];
            _buffer.AsSpan(0, _length).CopyTo(larger);
            CryptographicOperations.ZeroMemory(_buffer);
            _buffer = larger;
        }

        var span = _buffer.AsSpan(_length, count);
        _length += count;
        return span;
    }
}
