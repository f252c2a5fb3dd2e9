using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Reconciling;

namespace Workspaces.LocalCluster.Controllers;

/// <summary>Owner references between a controller's object and what it makes.</summary>
internal static class Ownership
{
    /// <summary>The reference by which an object is controlled.</summary>
    public static JsonObject Reference(ResourceType type, JsonObject owner) => new()
    {
        ["apiVersion"] = type.ApiVersion,
        ["kind"] = type.Kind,
        ["name"] = owner.Text("metadata", "name"),
        ["uid"] = owner.Text("metadata", "uid"),
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    public static V1OwnerReference? ControllerOf(V1ObjectMeta metadata) => metadata.OwnerReferences?.FirstOrDefault(reference => reference.Controller == true);

    public static bool IsControlledBy(V1ObjectMeta metadata, string? uid) => ControllerOf(metadata)?.Uid == uid;

    /// <summary>The object of a kind that controls another, if any.</summary>
    public static IEnumerable<ObjectKey> OwnerOf(JsonObject obj, ResourceType type) =>
        obj.Objects("metadata", "ownerReferences")
            .Where(reference => reference.Flag("controller") == true && reference.Text("kind") == type.Kind && reference.Text("apiVersion") == type.ApiVersion)
            .Select(reference => new ObjectKey(obj.Text("metadata", "namespace") ?? "", reference.Text("name")!));
}
