using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Node.Isolation;
using Workspaces.LocalCluster.Node.Processes;

namespace Workspaces.LocalCluster.Node.Networking;

/// <summary>
/// The pods' network: one bridge on this machine with the first address of a private range, and one veth pair per pod, so
/// that pods and this machine reach each other by address. Owns the bridge, the pairs and the addresses.
/// </summary>
internal sealed class NodeNetwork
{
    private const int PrefixLength = 22;

    private readonly NodeNamespaces _namespaces;
    private readonly AddressPool _addresses;
    private readonly string _bridge;
    private readonly string _file;

    private NodeNetwork(NodeNamespaces namespaces, AddressPool addresses, string bridge, Subnet subnet, string file)
    {
        _namespaces = namespaces;
        _addresses = addresses;
        _bridge = bridge;
        _file = file;
        Subnet = subnet;
    }

    public Subnet Subnet { get; }

    /// <summary>The address of this machine on the pods' network: hostIP of every pod, InternalIP of the node.</summary>
    public IPAddress HostAddress => Subnet.Gateway;

    public static async Task<NodeNetwork> CreateAsync(NodeFolders folders, NodeNamespaces namespaces, Subnet? requested, CancellationToken ct)
    {
        await RemoveLeftoversAsync(folders, ct);
        var known = Load(folders.NetworkFile);
        var bridge = BridgeName(folders);

        // Two LocalClusters that start at once must not choose the same range: the bridge with its address is the claim.
        using var machineLock = await MachineLock.AcquireAsync("network", ct);
        var used = await UsedRangesAsync(ct);
        var subnet = requested ?? (known is null ? null : Subnet.Parse(known.Subnet) as Subnet?) ?? Candidates(folders.Id).First(range => !used.Any(range.Overlaps));
        if (used.Any(subnet.Overlaps))
        {
            throw new InvalidOperationException(
                $"The pod range {subnet} overlaps with an address or route of this machine (see `ip addr` and `ip route`). " +
                $"Free it, choose another with --pod-range, or delete {folders.NetworkFile} to have one chosen.");
        }

        await IpAsync($"""
            link add {bridge} type bridge
            addr add {subnet.Gateway}/{subnet.PrefixLength.ToString(CultureInfo.InvariantCulture)} dev {bridge}
            link set {bridge} up
            """, ct);
        var record = known is not null && known.Subnet == subnet.ToString() ? known : new NetworkRecord(bridge, subnet.ToString(), 1, []);
        return new NodeNetwork(namespaces, new AddressPool(folders.NetworkFile, record), bridge, subnet, folders.NetworkFile);
    }

    /// <summary>Deletes the bridge and the pairs that a run which was killed left behind.</summary>
    public static async Task RemoveLeftoversAsync(NodeFolders folders, CancellationToken ct)
    {
        // The name derives from the state folder, so a bridge is found even where the run was killed before it wrote its record.
        await RemoveBridgeAsync(BridgeName(folders), ct);
    }

    /// <summary>Forgets the addresses of pods that no longer exist.</summary>
    public void Retain(IReadOnlySet<string> podUids)
    {
        foreach (var uid in Load(_file)?.Addresses.Keys.Where(uid => !podUids.Contains(uid)).ToList() ?? [])
        {
            _addresses.Release(uid);
        }
    }

    /// <summary>Connects the namespace that takes in what is for Services, whose addresses are all its own.</summary>
    public async Task AttachRouterAsync(int processId, string serviceRange, CancellationToken ct)
    {
        var device = _bridge[2..] + "s";
        await Command.TryRunAsync(["ip", "link", "del", device], ct: ct);
        await _namespaces.RunScriptAsync(
            """
            ip link add "$1" type veth peer name eth0 netns "$2"
            ip link set "$1" master "$3" up
            exec nsenter --net=/proc/"$2"/ns/net ip -batch - <<END
            link set lo up
            addr add $4 dev eth0
            link set eth0 up
            route add local $5 dev lo
            END
            """,
            [device, Number(processId), _bridge, $"{Subnet.Router}/{Number(Subnet.PrefixLength)}", serviceRange], ct);
    }

    /// <summary>Connects a pod's network namespace to the bridge and returns the pod's address.</summary>
    public async Task<IPAddress> AttachAsync(string podUid, int sandboxProcessId, CancellationToken ct)
    {
        var address = _addresses.Acquire(podUid);
        var device = DeviceFor(address);
        if (Directory.Exists($"/sys/class/net/{device}"))
        {
            await Command.TryRunAsync(["ip", "link", "del", device], ct: ct); // of a sandbox of this pod that died
        }

        // Inside the node's PID namespace, because `netns` takes the sandbox's process id as seen there.
        await _namespaces.RunScriptAsync(
            """
            ip -batch - <<END
            link add $1 type veth peer name eth0 netns $2
            link set $1 master $3 up
            END
            exec nsenter --net=/proc/"$2"/ns/net ip -batch - <<END
            link set lo up
            addr add $4 dev eth0
            link set eth0 up
            route add default via $5
            route add $6 via $7
            END
            """,
            [device, Number(sandboxProcessId), _bridge, $"{address}/{Number(Subnet.PrefixLength)}", Subnet.Gateway.ToString(),
                ServiceRouterNamespace.Range, Subnet.Router.ToString()],
            ct);
        return address;
    }

    /// <summary>Deletes a pod's interface and releases its address.</summary>
    public async Task DetachAsync(string podUid, CancellationToken ct)
    {
        var address = _addresses.Acquire(podUid);
        await Command.TryRunAsync(["ip", "link", "del", DeviceFor(address)], ct: ct);
        _addresses.Release(podUid);
    }

    public Task RemoveAsync(CancellationToken ct) => RemoveBridgeAsync(_bridge, ct);

    private static string BridgeName(NodeFolders folders) => $"wsc{folders.Id}";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static NetworkRecord? Load(string file) => File.Exists(file) ? JsonSerializer.Deserialize<NetworkRecord>(File.ReadAllText(file)) : null;

    private static Task<string> IpAsync(string batch, CancellationToken ct) => Command.RunAsync(["ip", "-batch", "-"], batch, ct);

    /// <summary>Ranges of 10.64.0.0/10 in an order that depends on the state folder, so that parallel clusters rarely compete.</summary>
    private static IEnumerable<Subnet> Candidates(string nodeId)
    {
        const uint first = (10u << 24) | (64u << 16);
        const uint count = 1u << (PrefixLength - 10);
        var start = uint.Parse(nodeId, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        for (uint i = 0; i < count; i++)
        {
            yield return new Subnet(first + (((start + i) % count) << (32 - PrefixLength)), PrefixLength);
        }
    }

    private static async Task<List<Subnet>> UsedRangesAsync(CancellationToken ct)
    {
        var routes = JsonNode.Parse(await Command.RunAsync(["ip", "-json", "-4", "route", "show", "table", "all"], ct: ct))!.AsArray();
        return
        [
            .. routes
                .Select(route => (string?)route!["dst"])
                .Where(destination => destination is not null and not "default")
                .Select(destination => destination!.Contains('/', StringComparison.Ordinal) ? destination : destination + "/30")
                .Where(destination => int.Parse(destination[(destination.IndexOf('/', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture) is >= 8 and <= 30)
                .Select(Subnet.Parse),
        ];
    }

    private static async Task RemoveBridgeAsync(string bridge, CancellationToken ct)
    {
        if (!Directory.Exists($"/sys/class/net/{bridge}"))
        {
            return;
        }

        foreach (var device in Directory.EnumerateFileSystemEntries($"/sys/class/net/{bridge}/brif").Select(Path.GetFileName))
        {
            // A pair also goes by itself when its namespace ends, so one that is gone by now is fine.
            await Command.TryRunAsync(["ip", "link", "del", device!], ct: ct);
        }

        await Command.RunAsync(["ip", "link", "del", bridge], ct: ct);
    }

    private string DeviceFor(IPAddress address) => $"{_bridge[2..]}{Subnet.OffsetOf(address):x}";
}
