using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Workspaces.LocalCluster.Node.Networking;

/// <summary>An IPv4 range in prefix notation.</summary>
public readonly record struct Subnet(uint Base, int PrefixLength)
{
    public uint Size => 1u << (32 - PrefixLength);

    /// <summary>The first usable address: the bridge, which is the pods' gateway.</summary>
    public IPAddress Gateway => AddressAt(1);

    /// <summary>The last usable address: where pods send what is for Services.</summary>
    public IPAddress Router => AddressAt(Size - 2);

    public static Subnet Parse(string text)
    {
        var parts = text.Split('/');
        if (parts.Length != 2 || !IPAddress.TryParse(parts[0], out var address) || !int.TryParse(parts[1], CultureInfo.InvariantCulture, out var length) || length is < 8 or > 30)
        {
            throw new FormatException($"'{text}' is not an IPv4 range such as 10.77.4.0/22.");
        }

        var value = ToNumber(address);
        return new Subnet(value & Mask(length), length);
    }

    public IPAddress AddressAt(uint offset)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Base + offset);
        return new IPAddress(bytes);
    }

    public uint OffsetOf(IPAddress address) => ToNumber(address) - Base;

    public bool Overlaps(Subnet other)
    {
        var mask = Mask(Math.Min(PrefixLength, other.PrefixLength));
        return (Base & mask) == (other.Base & mask);
    }

    public override string ToString() => $"{AddressAt(0)}/{PrefixLength.ToString(CultureInfo.InvariantCulture)}";

    private static uint ToNumber(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static uint Mask(int length) => length == 0 ? 0 : uint.MaxValue << (32 - length);
}
