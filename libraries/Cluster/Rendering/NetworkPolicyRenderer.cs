using System.Text.Json.Nodes;
using Workspaces.Cluster.Naming;
using Workspaces.Contracts.Blueprints;

namespace Workspaces.Cluster.Rendering;

/// <summary>
/// The NetworkPolicy of a standalone workspace. The Proxy's way in is always open and nothing else by default; without a word about
/// the network in the blueprint, the way out is open as well.
/// </summary>
internal static class NetworkPolicyRenderer
{
    public static JsonObject? Render(WorkspaceInput input, RenderOptions options)
    {
        var network = input.Blueprint.Network;
        // Egress rules without a class would mean nothing beside an open way out.
        var networkClass = network?.Class ?? (network?.Egress is null ? null : BlueprintNetworkClass.Isolated);
        if (networkClass == BlueprintNetworkClass.None)
        {
            return null;
        }

        var peers = Peers(input, networkClass);
        return new JsonObject
        {
            ["apiVersion"] = "networking.k8s.io/v1",
            ["kind"] = "NetworkPolicy",
            ["metadata"] = ObjectMetadata.Of(input),
            ["spec"] = new JsonObject
            {
                ["podSelector"] = new JsonObject { ["matchLabels"] = ObjectMetadata.Selector(input) },
                ["policyTypes"] = new JsonArray { "Ingress", "Egress" },
                ["ingress"] = networkClass == BlueprintNetworkClass.Open ? Everything() : Ingress(options, peers),
                ["egress"] = networkClass is null or BlueprintNetworkClass.Open ? Everything() : Egress(network?.Egress, peers),
            },
        };
    }

    /// <summary>Other workspaces that this one may talk with, both ways.</summary>
    private static JsonObject? Peers(WorkspaceInput input, BlueprintNetworkClass? networkClass) => networkClass switch
    {
        BlueprintNetworkClass.Owner => PodsWith(WorkspaceLabels.Owner, input.Owner.Name),
        BlueprintNetworkClass.Blueprint => PodsWith(WorkspaceLabels.Blueprint, input.Blueprint.Name),
        _ => null,
    };

    private static JsonArray Ingress(RenderOptions options, JsonObject? peers)
    {
        var proxy = new JsonObject
        {
            ["namespaceSelector"] = Matching(new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = options.ProxyNamespace }),
            ["podSelector"] = Matching(options.ProxyPodLabels),
        };
        var from = new JsonArray([proxy, .. options.ProxySourceCidrs.Select(Cidr)]);
        var rules = new JsonArray
        {
            new JsonObject { ["from"] = from, ["ports"] = new JsonArray { Port("TCP", options.SshPort) } },
        };
        if (peers is not null)
        {
            rules.Add(new JsonObject { ["from"] = new JsonArray { peers.DeepClone() } });
        }

        return rules;
    }

    private static JsonArray Egress(BlueprintEgress? egress, JsonObject? peers)
    {
        var rules = new JsonArray();
        if (egress?.Dns ?? true)
        {
            rules.Add(new JsonObject { ["ports"] = new JsonArray { Port("UDP", 53), Port("TCP", 53) } });
        }

        if (egress?.Cidrs is { Count: > 0 } cidrs)
        {
            rules.Add(new JsonObject { ["to"] = new JsonArray([.. cidrs.Select(Cidr)]) });
        }

        if (egress?.Pods is { Count: > 0 } pods)
        {
            rules.Add(new JsonObject
            {
                ["to"] = new JsonArray([.. pods.Select(labels => new JsonObject
                {
                    ["namespaceSelector"] = new JsonObject(),
                    ["podSelector"] = Matching(labels),
                })]),
            });
        }

        if (peers is not null)
        {
            rules.Add(new JsonObject { ["to"] = new JsonArray { peers.DeepClone() } });
        }

        return rules;
    }

    /// <summary>One rule without conditions: everything is allowed.</summary>
    private static JsonArray Everything() => [new JsonObject()];

    /// <summary>Pods of the same namespace: labels elsewhere are somebody else's word.</summary>
    private static JsonObject PodsWith(string label, string value) =>
        new() { ["podSelector"] = Matching(new Dictionary<string, string> { [label] = value }) };

    private static JsonObject Matching(IEnumerable<KeyValuePair<string, string>> labels)
    {
        var match = new JsonObject();
        foreach (var (key, value) in labels.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            match[key] = value;
        }

        return new JsonObject { ["matchLabels"] = match };
    }

    private static JsonObject Cidr(string cidr) => new() { ["ipBlock"] = new JsonObject { ["cidr"] = cidr } };

    private static JsonObject Port(string protocol, int port) => new() { ["protocol"] = protocol, ["port"] = port };
}
