using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Access;

/// <summary>
/// What a token lives as long as, besides its account: a pod (with the node that it is on), a secret or a node. <paramref name="Claim"/> is its name in
/// the token.
/// </summary>
public sealed record TokenBinding(string Claim, string Name, string Uid)
{
    private static readonly Dictionary<string, ResourceType> Types = new()
    {
        ["pod"] = ResourceTypes.Pods,
        ["secret"] = ResourceTypes.Secrets,
        ["node"] = ResourceTypes.Nodes,
    };

    /// <summary>For a pod: the node that it runs on, which a token tells besides.</summary>
    public TokenBinding? Node { get; init; }

    public static TokenBinding ToPod(string name, string uid, TokenBinding? node) => new("pod", name, uid) { Node = node };

    /// <summary>As it stands among a token's claims.</summary>
    internal JsonObject ToClaim() => new() { ["name"] = Name, ["uid"] = Uid };

    /// <summary>Whether everything that a token's claims bind it to is still there. A pod's node may be gone.</summary>
    internal static bool Holds(JsonNode? claims, string ns, ObjectStore store)
    {
        foreach (var (claim, type) in Types)
        {
            if (claims.At(claim) is { } bound && !(claim == "node" && claims.At("pod") is not null)
                && store.Get(type, type.Namespaced ? ns : null, bound.Text("name") ?? "")?.Uid != bound.Text("uid"))
            {
                return false;
            }
        }

        return true;
    }
}
