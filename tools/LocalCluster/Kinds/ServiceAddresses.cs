using System.Net;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>Addresses of Services: from 10.96.0.0/16, and node ports from 30000 to 32767.</summary>
internal static class ServiceAddresses
{
    /// <summary>The address of the API itself in the cluster.</summary>
    public const string Kubernetes = "10.96.0.1";

    /// <summary>10.96.0.10, where clusters of this range have their DNS: given only to who asks for it.</summary>
    private const int ClusterDns = 10;

    private static readonly IPNetwork Range = IPNetwork.Parse("10.96.0.0/16");

    public static string Free(ObjectStore store)
    {
        var taken = store.List(ResourceTypes.Services).Select(s => s.Json.Text("spec", "clusterIP")).ToHashSet();
        for (var i = 2; i < 65535; i++)
        {
            var address = $"10.96.{i >> 8}.{i & 255}";
            if (!taken.Contains(address) && (i & 255) is not (0 or 255) && i != ClusterDns)
            {
                return address;
            }
        }

        throw ApiErrors.Internal("failed to allocate IP 0: range is full");
    }

    /// <summary>Refuses an address or node port that a new Service asks for and cannot have. What is none at all is left to validation.</summary>
    public static void CheckWanted(JsonObject service, ObjectStore store)
    {
        var spec = service["spec"]!.AsObject();
        var others = store.List(ResourceTypes.Services).Where(s => s.Name != service.Text("metadata", "name") || s.Namespace != service.Text("metadata", "namespace")).ToList();
        var errors = new List<FieldError>();
        if (spec.Text("clusterIP") is { Length: > 0 } and not "None" and var wanted && IPAddress.TryParse(wanted, out var address) && spec.Text("type") != "ExternalName")
        {
            var why = !Range.Contains(address) ? $"the provided IP ({wanted}) is not in the valid range. The range of valid IPs is {Range}"
                : others.Exists(s => s.Json.Text("spec", "clusterIP") == wanted) ? "provided IP is already allocated"
                : null;
            if (why is not null)
            {
                errors.Add(FieldError.Invalid("spec.clusterIPs", $"[{FieldError.Quote(wanted)}]", $"failed to allocate IP {wanted}: {why}"));
            }
        }

        if (spec.Text("type") is "NodePort" or "LoadBalancer")
        {
            NodePorts(spec, [.. others.SelectMany(s => s.Json.Objects("spec", "ports")).Select(p => p.Number("nodePort") ?? 0)], errors);
        }

        if (errors.Count > 0)
        {
            throw ApiErrors.Invalid(ResourceTypes.Services, service.Text("metadata", "name") ?? "", errors);
        }
    }

    private static void NodePorts(JsonObject spec, HashSet<long> taken, List<FieldError> errors)
    {
        var index = 0;
        foreach (var port in spec.Objects("ports").Select(p => p.Number("nodePort") ?? 0))
        {
            if (port is not 0 and (< 30000 or > 32767))
            {
                errors.Add(FieldError.Invalid($"spec.ports[{index}].nodePort", $"{port}", "provided port is not in the valid range. The range of valid ports is 30000-32767"));
            }
            else if (port != 0 && !taken.Add(port))
            {
                errors.Add(FieldError.Invalid($"spec.ports[{index}].nodePort", $"{port}", "provided port is already allocated"));
            }

            index++;
        }
    }

    public static long FreeNodePort(ObjectStore store, JsonObject spec)
    {
        var taken = store.List(ResourceTypes.Services).SelectMany(s => s.Json.Objects("spec", "ports")).Concat(spec.Objects("ports"))
            .Select(p => p.Number("nodePort")).ToHashSet();
        for (var port = 30000L; port <= 32767; port++)
        {
            if (!taken.Contains(port))
            {
                return port;
            }
        }

        throw ApiErrors.Internal("failed to allocate a nodePort: range is full");
    }
}
