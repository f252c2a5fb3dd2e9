using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Node.Services.Names;

/// <summary>
/// The names of the cluster, by the specification of Kubernetes' DNS (https://github.com/kubernetes/dns/blob/master/docs/specification.md): Services, the endpoints of
/// headless ones by host name, ports as SRV, pods by address, and addresses of Services back to names. Pure but for what the map holds.
/// </summary>
internal sealed class ClusterNames(ServiceMap services)
{
    public const string Domain = "cluster.local";

    private const string ReverseDomain = "in-addr.arpa";

    /// <summary>The answer; null when the name is none of the cluster's.</summary>
    public DnsAnswer? Find(string name, ushort type)
    {
        if (name.EndsWith("." + ReverseDomain, StringComparison.Ordinal))
        {
            return Reverse(name, type);
        }

        if (name == Domain)
        {
            return DnsAnswer.Empty;
        }

        if (!name.EndsWith("." + Domain, StringComparison.Ordinal))
        {
            return null;
        }

        var labels = name[..^(Domain.Length + 1)].Split('.');
        return labels switch
        {
            ["svc"] or ["pod"] => DnsAnswer.Empty,
            [var ns, "svc" or "pod"] => services.HasNamespace(ns) ? DnsAnswer.Empty : DnsAnswer.Unknown,
            [var address, _, "pod"] => IPAddress.TryParse(address.Replace('-', '.'), out var pod) && pod.AddressFamily == AddressFamily.InterNetwork
                ? Addresses(name, type, [pod]) : DnsAnswer.Unknown,
            [var service, var ns, "svc"] => OfService(name, type, service, ns),
            [var host, var service, var ns, "svc"] when !host.StartsWith('_') => OfEndpoint(name, type, host, service, ns),
            [['_', .. var port], ['_', .. var protocol], var service, var ns, "svc"] => OfPort(name, type, port, protocol, service, ns),
            _ => DnsAnswer.Unknown,
        };
    }

    private static DnsAnswer Addresses(string name, ushort type, IEnumerable<IPAddress> addresses) => type is DnsTypes.A or DnsTypes.Any
        ? new DnsAnswer(true, [.. addresses.Distinct().Select(address => new DnsRecord(name, DnsTypes.A, address.GetAddressBytes()))])
        : DnsAnswer.Empty;

    private static bool IsHeadless(JsonObject service) => service.Text("spec", "clusterIP") == "None";

    private IReadOnlyList<ServiceEndpoint> Endpoints(string ns, string service) => ServiceEndpoint.Of(services.Slices(ns, service), servingToo: false);

    private DnsAnswer OfService(string name, ushort type, string service, string ns)
    {
        if (services.Find(ns, service) is not { } found)
        {
            return DnsAnswer.Unknown;
        }

        if (found.Text("spec", "type") == "ExternalName")
        {
            var target = found.Text("spec", "externalName")!.TrimEnd('.').ToLowerInvariant();
            return new DnsAnswer(true, [new DnsRecord(name, DnsTypes.CanonicalName, DnsMessage.EncodeName(target))], type is DnsTypes.A or DnsTypes.Any ? target : null);
        }

        if (IsHeadless(found))
        {
            // A headless Service without endpoints has no name, as in CoreDNS.
            var endpoints = Endpoints(ns, service);
            return endpoints.Count == 0 ? DnsAnswer.Unknown : Addresses(name, type, endpoints.Select(endpoint => endpoint.Address));
        }

        return IPAddress.TryParse(found.Text("spec", "clusterIP"), out var address) ? Addresses(name, type, [address]) : DnsAnswer.Empty;
    }

    private DnsAnswer OfEndpoint(string name, ushort type, string host, string service, string ns)
    {
        var matching = services.Find(ns, service) is { } found && IsHeadless(found) ? Endpoints(ns, service).Where(endpoint => endpoint.HostName == host).ToList() : [];
        return matching.Count == 0 ? DnsAnswer.Unknown : Addresses(name, type, matching.Select(endpoint => endpoint.Address));
    }

    private DnsAnswer OfPort(string name, ushort type, string port, string protocol, string service, string ns)
    {
        if (services.Find(ns, service) is not { } found
            || found.Objects("spec", "ports").FirstOrDefault(known => known.Text("name") == port && (known.Text("protocol") ?? "TCP").Equals(protocol, StringComparison.OrdinalIgnoreCase)) is not { } entry)
        {
            return DnsAnswer.Unknown;
        }

        if (type is not (DnsTypes.Service or DnsTypes.Any))
        {
            return DnsAnswer.Empty;
        }

        var suffix = $"{service}.{ns}.svc.{Domain}";
        if (!IsHeadless(found))
        {
            return new DnsAnswer(true, [ServiceRecord(name, (int)entry.Number("port")!.Value, suffix)]);
        }

        var number = ServiceEndpoint.Port(services.Slices(ns, service), port) ?? (int)entry.Number("port")!.Value;
        return new DnsAnswer(true, [.. Endpoints(ns, service).Select(endpoint => ServiceRecord(name, number, $"{endpoint.HostName}.{suffix}"))]);
    }

    /// <summary>Priority 0, weight 100, port, target (RFC 2782).</summary>
    private static DnsRecord ServiceRecord(string name, int port, string target)
    {
        var data = new byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(2), 100);
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(4), (ushort)port);
        return new DnsRecord(name, DnsTypes.Service, [.. data, .. DnsMessage.EncodeName(target)]);
    }

    private DnsAnswer? Reverse(string name, ushort type)
    {
        var labels = name[..^(ReverseDomain.Length + 1)].Split('.');
        if (labels.Length != 4 || !IPAddress.TryParse(string.Join('.', labels.Reverse()), out var address))
        {
            return null;
        }

        var text = address.ToString();
        var target = services.Services.FirstOrDefault(service => service.Text("spec", "clusterIP") == text) is { } found
            ? $"{found.Text("metadata", "name")}.{found.Text("metadata", "namespace")}.svc.{Domain}"
            : null;
        return target is null ? null : type is DnsTypes.Pointer or DnsTypes.Any ? new DnsAnswer(true, [new DnsRecord(name, DnsTypes.Pointer, DnsMessage.EncodeName(target))]) : DnsAnswer.Empty;
    }
}
