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
