using System.Text.Json.Nodes;
using k8s;

namespace Workspaces.LocalCluster.Node;

/// <summary>Between objects as the API stores them and the client library's classes.</summary>
internal static class KubernetesModel
{
    public static T To<T>(this JsonObject obj) => KubernetesJson.Deserialize<T>(obj.ToJsonString());

    public static JsonObject ToJson<T>(T model) => JsonNode.Parse(KubernetesJson.Serialize(model))!.AsObject();
}
