using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Serving;

/// <summary>What kind a subresource speaks and which verbs it has, for discovery.</summary>
internal sealed record SubresourceCatalog(string Group, string Version, string Kind, IReadOnlyList<string> Verbs)
{
    private static readonly string[] ReadWrite = ["get", "patch", "update"];
    private static readonly string[] Create = ["create"];
    private static readonly string[] Connect = ["create", "get"];

    public static SubresourceCatalog Of(ResourceType type, string name) => name switch
    {
        "scale" => new("autoscaling", "v1", "Scale", ReadWrite),
        "log" => new(type.Group, type.Version, type.Kind, ["get"]),
        "exec" => new(type.Group, type.Version, "PodExecOptions", Connect),
        "attach" => new(type.Group, type.Version, "PodAttachOptions", Connect),
        "portforward" => new(type.Group, type.Version, "PodPortForwardOptions", Connect),
        "eviction" => new("policy", "v1", "Eviction", Create),
        "binding" => new(type.Group, type.Version, "Binding", Create),
        "token" => new("authentication.k8s.io", "v1", "TokenRequest", Create),
        "finalize" => new(type.Group, type.Version, type.Kind, ["update"]),
        _ => new(type.Group, type.Version, type.Kind, ReadWrite),
    };
}
