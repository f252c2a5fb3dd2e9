using System.Net;

namespace Workspaces.Proxy.Addresses;

/// <summary>IP addresses and CIDR blocks, as settings name them.</summary>
public sealed class AddressList
{
    private readonly IReadOnlyList<IPNetwork> _networks;

    private AddressList(IReadOnlyList<IPNetwork> networks) => _networks = networks;

    /// <summary>Reads the items of a setting.</summary>
    /// <exception cref="ProxyConfigurationException">An item is neither address nor block.</exception>
    public static AddressList Read(IEnumerable<string> items, string setting) => new([.. items.Select((item, i) => ReadOne(item, $"{setting}:{i}"))]);

    /// <summary>Whether an address is in the list.</summary>
    public bool Contains(IPAddress address)
    {
        var plain = Plain(address);
        return _networks.Any(network => network.Contains(plain));
    }

    /// <summary>The address without IPv6 around an IPv4 one, which is how dual-stack sockets show it.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static IPNetwork ReadOne(string item, string setting)
    {
        if (IPNetwork.TryParse(item, out var network))
        {
            return network;
        }

        return IPAddress.TryParse(item, out var address)
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw new ProxyConfigurationException($"{setting} is '{item}', which is neither an IP address nor a block like 10.0.0.0/8.");
    }
}
