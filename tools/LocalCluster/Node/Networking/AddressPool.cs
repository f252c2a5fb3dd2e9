using System.Net;
using System.Text.Json;

namespace Workspaces.LocalCluster.Node.Networking;

/// <summary>
/// Gives each pod an address of the node's range and remembers it on disk. Addresses are handed out in turn, so that one
/// just released is not reused while clients still know its former owner.
/// </summary>
internal sealed class AddressPool
{
    /// <summary>Network address, gateway, router and broadcast address.</summary>
    private const uint Reserved = 4;

    private readonly Lock _lock = new();
    private readonly string _file;
    private readonly Subnet _subnet;
    private NetworkRecord _record;

    public AddressPool(string file, NetworkRecord record)
    {
        _file = file;
        _record = record;
        _subnet = Subnet.Parse(record.Subnet);
        // A record of before the router's address was set aside may have given it to a pod.
        foreach (var (uid, _) in record.Addresses.Where(entry => entry.Value == _subnet.Router.ToString()).ToList())
        {
            record.Addresses.Remove(uid);
        }

        Save();
    }

    /// <summary>The pod's address: the one it has, or the next free one.</summary>
    public IPAddress Acquire(string podUid)
    {
        lock (_lock)
        {
            if (_record.Addresses.TryGetValue(podUid, out var known))
            {
                return IPAddress.Parse(known);
            }

            var taken = _record.Addresses.Values.Select(value => _subnet.OffsetOf(IPAddress.Parse(value))).ToHashSet();
            var usable = _subnet.Size - Reserved;
            for (uint step = 1; step <= usable; step++)
            {
                var offset = 2 + ((_record.LastOffset - 2 + step) % usable);
                if (taken.Contains(offset))
                {
                    continue;
                }

                var address = _subnet.AddressAt(offset);
                _record.Addresses[podUid] = address.ToString();
                _record = _record with { LastOffset = offset };
                Save();
                return address;
            }
        }

        throw new InvalidOperationException($"No address is free in the pod range {_subnet}: it has {_subnet.Size - Reserved} and all are in use.");
    }

    public void Release(string podUid)
    {
        lock (_lock)
        {
            if (_record.Addresses.Remove(podUid))
            {
                Save();
            }
        }
    }

    private void Save()
    {
        var temporary = _file + ".new";
        File.WriteAllText(temporary, JsonSerializer.Serialize(_record));
        File.Move(temporary, _file, overwrite: true);
    }
}
