using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Serving.Protobuf;

/// <summary>Which schema a kind has that is named in an envelope: every served kind, and what requests and answers carry besides.</summary>
internal static class ProtobufKinds
{
    /// <summary>Kinds that only subresources speak.</summary>
    private static readonly Dictionary<(string ApiVersion, string Kind), Type> Parts = new()
    {
        [("policy/v1", "Eviction")] = typeof(V1Eviction),
        [("autoscaling/v1", "Scale")] = typeof(V1Scale),
        [("authentication.k8s.io/v1", "TokenRequest")] = typeof(Authenticationv1TokenRequest),
    };

    /// <summary>Kinds of meta/v1, which every group version has.</summary>
    private static readonly Dictionary<string, Type> Common = new()
    {
        ["DeleteOptions"] = typeof(V1DeleteOptions),
        ["Status"] = typeof(V1Status),
    };

    /// <summary>Every class that can be the outermost of a message.</summary>
    public static IEnumerable<Type> Models => ResourceTypes.All.Select(t => t.Model).Concat(Parts.Values).Concat(Common.Values).Append(typeof(V1ListMeta));

    /// <summary>The schema of a kind; null where no such kind is known.</summary>
    public static FieldSchema? Find(string apiVersion, string kind) =>
        ResourceTypes.FindKind(apiVersion, kind)?.Model is { } served ? SchemaCatalog.Of(served)
        : Parts.TryGetValue((apiVersion, kind), out var part) ? SchemaCatalog.Of(part)
        : Common.TryGetValue(kind, out var common) ? SchemaCatalog.Of(common)
        : null;
}
