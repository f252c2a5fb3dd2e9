using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Controllers.Pods;

/// <summary>Pod templates, and the label by which a Deployment's ReplicaSets are told apart.</summary>
internal static class PodTemplates
{
    public const string HashLabel = "pod-template-hash";

    /// <summary>Whether two templates make the same pods, but for the hash label.</summary>
    public static bool Same(JsonObject one, JsonObject other) =>
        JsonNode.DeepEquals(one["spec"], other["spec"]) && SameMetadata(one["metadata"] as JsonObject ?? [], other["metadata"] as JsonObject ?? []);

    public static JsonObject WithHash(JsonObject template, string hash)
    {
        var result = template.DeepClone().AsObject();
        result.Ensure("metadata").Ensure("labels")[HashLabel] = hash;
        return result;
    }

    private static bool SameMetadata(JsonObject one, JsonObject other) =>
        SameBut(one, other, name: "labels") && SameBut(one["labels"] as JsonObject ?? [], other["labels"] as JsonObject ?? [], HashLabel);

    /// <summary>Whether two objects have the same fields, one field aside. An absent field and an empty one are the same.</summary>
    private static bool SameBut(JsonObject one, JsonObject other, string name) =>
        one.Select(field => field.Key).Union(other.Select(field => field.Key))
            .Where(field => field != name)
            .All(field => JsonNode.DeepEquals(one[field], other[field]) || (IsNothing(one[field]) && IsNothing(other[field])));

    private static bool IsNothing(JsonNode? node) => node is null or JsonObject { Count: 0 };
}
