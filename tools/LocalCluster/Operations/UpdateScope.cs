using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Operations;

/// <summary>
/// Limits an update to what it may touch: nothing of what the server alone decides; of the object everything but the status; through a
/// subresource only that part, and of metadata what the API server lets through there.
/// </summary>
internal static class UpdateScope
{
    private static readonly string[] StatusMetadata = ["labels", "annotations", "finalizers", "ownerReferences", "deletionTimestamp"];

    public static void Limit(ResourceType type, StoredObject old, JsonObject obj, string? subresource)
    {
        switch (subresource)
        {
            case "status":
                TakeOnly(obj, old, "status", obj["status"]?.DeepClone());
                KeepMetadata(obj, old, type == ResourceTypes.Deployments ? ["labels"] : type == ResourceTypes.Pods ? ["ownerReferences"] : []);
                break;
            case "ephemeralcontainers":
                TakeOnly(obj, old, "spec", With(old, "ephemeralContainers", obj.At("spec", "ephemeralContainers")));
                KeepMetadata(obj, old, StatusMetadata);
                CheckEphemeral(type, old, obj);
                break;
            case "binding":
                // Its callers change the node, the condition that says so, labels and annotations, and nothing else.
                break;
            case "finalize":
                TakeOnly(obj, old, "spec", With(old, "finalizers", obj.At("spec", "finalizers")));
                break;
            default:
                KeepServersPart(type, old, obj);
                break;
        }

        KeepServersMetadata(obj["metadata"]!.AsObject(), old.Json["metadata"]!.AsObject());
    }

    /// <summary>
    /// What an update leaves out or cannot change stays as it was. A uid that it names is checked later, as is the time of deletion of an object
    /// that is not being deleted.
    /// </summary>
    private static void KeepServersMetadata(JsonObject metadata, JsonObject old)
    {
        Keep("generation", always: true);
        Keep("creationTimestamp", always: true);
        Keep("selfLink", always: true);
        Keep("deletionTimestamp", always: old["deletionTimestamp"] is not null);
        Keep("deletionGracePeriodSeconds", always: false);
        Keep("uid", always: metadata.Text("uid") is null or "");

        void Keep(string name, bool always)
        {
            if (always || metadata[name] is null)
            {
                metadata.Remove(name);
                if (old[name] is { } kept)
                {
                    metadata[name] = kept.DeepClone();
                }
            }
        }
    }

    private static void KeepServersPart(ResourceType type, StoredObject old, JsonObject obj)
    {
        if (type.HasStatus)
        {
            obj["status"] = old.Json["status"]?.DeepClone() ?? new JsonObject();
        }
    }

    /// <summary>Everything but metadata as it was, but for one part.</summary>
    private static void TakeOnly(JsonObject obj, StoredObject old, string part, JsonNode? value)
    {
        foreach (var name in obj.Select(p => p.Key).Union(old.Json.Select(p => p.Key)).Where(n => n != "metadata").ToList())
        {
            obj.Remove(name);
            if (name != part && old.Json[name] is { } kept)
            {
                obj[name] = kept.DeepClone();
            }
        }

        obj[part] = value ?? new JsonObject();
    }

    private static void KeepMetadata(JsonObject obj, StoredObject old, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            var metadata = obj["metadata"]!.AsObject();
            metadata.Remove(name);
            if (old.Json.At("metadata", name) is { } kept)
            {
                metadata[name] = kept.DeepClone();
            }
        }
    }

    private static JsonObject With(StoredObject old, string field, JsonNode? value)
    {
        var result = old.Json["spec"]!.DeepClone().AsObject();
        result.Remove(field);
        if (value is not null)
        {
            result[field] = value.DeepClone();
        }

        return result;
    }

    /// <summary>Ephemeral containers are only ever added.</summary>
    private static void CheckEphemeral(ResourceType type, StoredObject old, JsonObject obj)
    {
        var now = obj.Objects("spec", "ephemeralContainers").GroupBy(c => c.Text("name") ?? "").ToDictionary(g => g.Key, g => g.First());
        var errors = new List<FieldError>();
        foreach (var before in old.Json.Objects("spec", "ephemeralContainers"))
        {
            var name = before.Text("name")!;
            if (!now.TryGetValue(name, out var same))
            {
                errors.Add(FieldError.Forbidden("spec.ephemeralContainers", $"existing ephemeral containers {FieldError.Quote(name)} may not be removed\n"));
            }
            else if (!JsonNode.DeepEquals(same, before))
            {
                errors.Add(FieldError.Forbidden("spec.ephemeralContainers", $"existing ephemeral containers {FieldError.Quote(name)} may not be changed\n"));
            }
        }

        if (errors.Count > 0)
        {
            throw ApiErrors.Invalid(type, old.Name, errors);
        }
    }
}
