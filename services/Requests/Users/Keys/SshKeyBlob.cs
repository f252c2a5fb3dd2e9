using System.Buffers.Binary;
using System.Text;

namespace Workspaces.Requests.Users.Keys;

/// <summary>Reads the data types of SSH (RFC 4251 section 5) from a public key blob.</summary>
internal ref struct SshKeyBlob(ReadOnlySpan<byte> rest)
{
    private ReadOnlySpan<byte> _rest = rest;

    /// <summary>Whether everything has been read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>A string: length and bytes.</summary>
    public bool TryReadString(out ReadOnlySpan<byte> value)
    {
        value = default;
        if (_rest.Length < 4)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(_rest);
        if (length > _rest.Length - 4)
        {
            return false;
        }

        value = _rest.Slice(4, (int)length);
        _rest = _rest[(4 + (int)length)..];
        return true;
    }

    /// <summary>A string of ASCII text.</summary>
    public bool TryReadText(out string value)
    {
        value = "";
        if (!TryReadString(out var bytes) || bytes.ContainsAnyExceptInRange((byte)0x20, (byte)0x7e))
        {
            return false;
        }

        value = Encoding.ASCII.GetString(bytes);
        return true;
    }

    /// <summary>A positive mpint, without its sign byte.</summary>
    public bool TryReadPositive(out ReadOnlySpan<byte> value)
    {
        if (!TryReadString(out value) || value.IsEmpty || (value[0] & 0x80) != 0)
        {
            return false;
        }

        // A zero byte is there only to keep the number positive.
        if (value[0] == 0)
        {
            value = value[1..];
            return !value.IsEmpty && (value[0] & 0x80) != 0;
        }

        return true;
    }
}
