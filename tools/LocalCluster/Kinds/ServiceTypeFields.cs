using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>Fields of a Service that belong to its type: a change of the type alone takes them along, and whoever sets them too is told of it.</summary>
internal static class ServiceTypeFields
{
    public static void Drop(JsonObject spec, JsonObject old)
    {
        if (HasAddress(old) && !HasAddress(spec))
        {
            DropSame("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy");
        }

        if (HasNodePorts(old) && !HasNodePorts(spec))
        {
            DropNodePorts(spec, old);
        }

        if (IsReachedFromOutside(old) && !IsReachedFromOutside(spec))
        {
            DropSame("externalTrafficPolicy");
        }

        if (IsBalanced(old) && !IsBalanced(spec))
        {
            DropSame("allocateLoadBalancerNodePorts", "loadBalancerClass");
        }

        if (HasHealthPort(old) && !HasHealthPort(spec))
        {
            DropSame("healthCheckNodePort");
        }

        void DropSame(params string[] fields)
        {
            foreach (var field in fields)
            {
                if (JsonNode.DeepEquals(spec[field], old[field]))
                {
                    spec.Remove(field);
                }
            }
        }
    }

    private static void DropNodePorts(JsonObject spec, JsonObject old)
    {
        var known = old.Objects("ports").Select(p => p.Number("nodePort")).ToHashSet();
        var ports = spec.Objects("ports").ToList();
        if (ports.TrueForAll(p => p["nodePort"] is null || known.Contains(p.Number("nodePort"))))
        {
            ports.ForEach(p => p.Remove("nodePort"));
        }
    }

    private static bool HasAddress(JsonObject spec) => spec.Text("type") != "ExternalName";

    private static bool HasNodePorts(JsonObject spec) => spec.Text("type") == "NodePort" || (IsBalanced(spec) && spec.Flag("allocateLoadBalancerNodePorts") != false);

    private static bool HasHealthPort(JsonObject spec) => IsBalanced(spec) && spec.Text("externalTrafficPolicy") == "Local";

    private static bool IsBalanced(JsonObject spec) => spec.Text("type") == "LoadBalancer";

    private static bool IsReachedFromOutside(JsonObject spec) =>
        spec.Text("type") is "NodePort" or "LoadBalancer" || (spec.Text("type") == "ClusterIP" && spec["externalIPs"] is JsonArray { Count: > 0 });
}
