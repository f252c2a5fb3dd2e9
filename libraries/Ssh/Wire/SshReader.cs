using System.Buffers.Binary;
using System.Text;

namespace Workspaces.Ssh.Wire;

/// <summary>Reads the data types of RFC 4251 section 5 from a span, without copying.</summary>
/// <remarks>Every read checks its bounds and throws <see cref="SshFormatException"/>; a length in the data never causes an allocation by itself.</remarks>
public ref struct SshReader(ReadOnlySpan<byte> data)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = data;

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Remaining => _rest;

    /// <summary>A single byte.</summary>
    public byte ReadByte() => Take(1)[0];

    /// <summary>A boolean: every value but zero is true.</summary>
    public bool ReadBoolean() => Take(1)[0] != 0;

    /// <summary>A big-endian 32-bit number.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)));

    /// <summary>A big-endian 64-bit number.</summary>
    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(sizeof(ulong)));

    /// <summary>A string: a 32-bit length and that many arbitrary bytes.</summary>
    public ReadOnlySpan<byte> ReadString()
    {
        var length = ReadUInt32();
        return length <= (uint)_rest.Length
            ? Take((int)length)
            : throw new SshFormatException($"A string claims {length} bytes, {_rest.Length} are there.");
    }

    /// <summary>A string that holds text; anything but valid UTF-8 is refused.</summary>
    public string ReadText()
    {
        var bytes = ReadString();
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new SshFormatException("A text is not valid UTF-8.");
        }
    }

    /// <summary>A string that holds printable US-ASCII, as names of algorithms and methods do (RFC 4251 section 6).</summary>
    public string ReadName()
    {
        var bytes = ReadString();
        return bytes.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e)
            ? throw new SshFormatException("A name contains bytes that are not printable US-ASCII.")
            : Encoding.ASCII.GetString(bytes);
    }

    /// <summary>A comma-separated list of names.</summary>
    public string[] ReadNameList()
    {
        var names = ReadName();
        return names.Length == 0 ? [] : names.Split(',');
    }

    /// <summary>The magnitude of a non-negative mpint, big-endian, without leading zero bytes.</summary>
    public ReadOnlySpan<byte> ReadPositiveMpint()
    {
        var bytes = ReadString();
        if (bytes.Length > 0 && (bytes[0] & 0x80) != 0)
        {
            throw new SshFormatException("A multiple precision integer is negative.");
        }

        return bytes.TrimStart((byte)0);
    }

    /// <summary>Refuses trailing data.</summary>
    public readonly void ExpectEnd()
    {
        if (!_rest.IsEmpty)
        {
            throw new SshFormatException($"{_rest.Length} bytes follow the end of a structure.");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new SshFormatException($"A structure ends early: {count} bytes expected, {_rest.Length} left.");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
