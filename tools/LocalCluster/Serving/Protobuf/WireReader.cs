using System.Buffers.Binary;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Serving.Protobuf;

/// <summary>Reads the fields of one message in turn. Whatever is cut short or malformed is a <see cref="DecodeException"/>.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> data)
{
    private const int LongestVarint = 10;

    private ReadOnlySpan<byte> _rest = data;

    /// <summary>The number of the field that <see cref="Next"/> came to.</summary>
    public int Number { get; private set; }

    public WireType Type { get; private set; }

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Goes on to the next field; false at the end. Its value must be read or skipped before the next call.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = Varint();
        (Number, Type) = ((int)(tag >> 3), (WireType)(tag & 7));
        return Number > 0 ? true : throw new DecodeException($"proto: illegal tag {Number} (wire type {(int)Type})");
    }

    public ulong Varint()
    {
        ulong value = 0;
        for (var i = 0; i < LongestVarint; i++)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << (7 * i);
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new DecodeException("proto: integer overflow");
    }

    public ReadOnlySpan<byte> Bytes()
    {
        Expect(WireType.Bytes);
        var length = Varint();
        return length <= (ulong)_rest.Length ? Take((int)length) : throw CutShort();
    }

    public string Text() => System.Text.Encoding.UTF8.GetString(Bytes());

    /// <summary>A whole number; negative ones come as 64 bits.</summary>
    public long Whole()
    {
        Expect(WireType.Varint);
        return (long)Varint();
    }

    public double Real()
    {
        Expect(WireType.Fixed64);
        return BinaryPrimitives.ReadDoubleLittleEndian(Take(8));
    }

    public void Skip()
    {
        switch (Type)
        {
            case WireType.Varint:
                Varint();
                break;
            case WireType.Fixed64:
                Take(8);
                break;
            case WireType.Fixed32:
                Take(4);
                break;
            case WireType.Bytes:
                Bytes();
                break;
            default:
                throw new DecodeException($"proto: illegal wireType {(int)Type}");
        }
    }

    private readonly void Expect(WireType type)
    {
        if (Type != type)
        {
            throw new DecodeException($"proto: wrong wireType = {(int)Type} for field {Number}");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count)
        {
            throw CutShort();
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private static DecodeException CutShort() => new("unexpected EOF");
}
