using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Patching;

/// <summary>
/// Strategic merge patch: a merge patch that knows which lists are merged and by which key, with the directives $patch, $retainKeys,
/// $setElementOrder and $deleteFromPrimitiveList
/// (https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md).
/// </summary>
internal static class StrategicMergePatch
{
    private const string RetainKeys = "$retainKeys";
    private const string ElementOrder = "$setElementOrder";
    private const string DeleteFromList = "$deleteFromPrimitiveList";

    public static JsonObject Apply(JsonObject target, JsonObject patch, FieldSchema schema) =>
        MergeObjects(target.DeepClone().AsObject(), patch.DeepClone().AsObject(), schema);

    /// <summary>Both are given away.</summary>
    internal static JsonObject MergeObjects(JsonObject original, JsonObject patch, FieldSchema? schema)
    {
        if (patch.TryGetPropertyValue(PatchDirectives.Marker, out var directive))
        {
            return Directed(patch, directive);
        }

        Retain(original, patch);
        foreach (var key in patch.Select(p => p.Key).Where(k => k.StartsWith(ElementOrder, StringComparison.Ordinal)).ToList())
        {
            MergeOrdered(original, patch, key, schema);
        }

        foreach (var (key, change) in patch.ToList())
        {
            if (key.StartsWith(DeleteFromList, StringComparison.Ordinal))
            {
                var name = ListName(key, DeleteFromList, "invalid patch format of primitive list");
                if (original[name] is JsonArray list && change is JsonArray gone)
                {
                    original[name] = PatchedLists.Merge(Take(list), gone, schema?.Child(name), isDeletion: true);
                }

                continue;
            }

            MergeField(original, key, change, schema);
        }

        return original;
    }

    private static void MergeField(JsonObject original, string name, JsonNode? change, FieldSchema? schema)
    {
        if (change is null)
        {
            original.Remove(name);
            return;
        }

        var field = schema?.Child(name);
        switch (original[name], change)
        {
            case (JsonObject present, JsonObject wanted):
                original[name] = schema?.PatchReplaces.Contains(name) == true
                    ? wanted.DeepClone()
                    : MergeObjects(present.DeepClone().AsObject(), wanted.DeepClone().AsObject(), field);
                break;
            case (JsonArray present, JsonArray wanted):
                original[name] = PatchedLists.Merge(Take(present), wanted, field, isDeletion: false);
                break;
            case (var present, _):
                // Nulls in what is new mean nothing; beside something of another kind of value they are taken along.
                var taken = change.DeepClone();
                if (present is null || present.GetValueKind() != change.GetValueKind())
                {
                    PatchDirectives.DiscardNulls(taken);
                }

                if (PatchDirectives.TryRemove(ref taken))
                {
                    original[name] = taken;
                }
                else
                {
                    original.Remove(name);
                }

                break;
        }
    }

    private static JsonObject Directed(JsonObject patch, JsonNode? directive)
    {
        switch (PatchDirectives.Of(directive))
        {
            case PatchDirectives.Replace:
                patch.Remove(PatchDirectives.Marker);
                return patch;
            case PatchDirectives.Delete:
                return [];
            default:
                throw PatchDirectives.Unknown(directive, patch);
        }
    }

    private static void Retain(JsonObject original, JsonObject patch)
    {
        if (!patch.TryGetPropertyValue(RetainKeys, out var directive))
        {
            return;
        }

        patch.Remove(RetainKeys);
        var kept = (directive as JsonArray ?? throw BadRetainKeys()).Select(k => (string?)k).ToHashSet();
        if (patch.Any(p => p.Value is not null && !p.Key.StartsWith(DeleteFromList, StringComparison.Ordinal)
            && !p.Key.StartsWith(ElementOrder, StringComparison.Ordinal) && !kept.Contains(p.Key)))
        {
            throw BadRetainKeys();
        }

        foreach (var name in original.Select(p => p.Key).Where(n => !kept.Contains(n)).ToList())
        {
            original.Remove(name);
        }
    }

    /// <summary>A list whose order the patch gives is merged here, with the patch's items if there are any.</summary>
    private static void MergeOrdered(JsonObject original, JsonObject patch, string key, FieldSchema? schema)
    {
        var order = patch[key] as JsonArray ?? throw Failed($"expected a []interface {{}}, but received a {PatchDirectives.TypeOf(patch[key])}");
        patch.Remove(key);
        var name = ListName(key, ElementOrder, "invalid patch format of setElementOrder list");
        var (present, wanted) = (original[name] as JsonArray, patch[name] as JsonArray);
        patch.Remove(name);
        if (present is null && wanted is null)
        {
            return;
        }

        var field = schema?.Child(name);
        PatchedLists.CheckOrder(wanted ?? [], order, field?.PatchMergeKey);
        JsonNode merged;
        if (wanted is null)
        {
            merged = present!.DeepClone();
        }
        else if (present is null)
        {
            merged = wanted.DeepClone();
            PatchDirectives.TryRemove(ref merged);
        }
        else
        {
            merged = PatchedLists.Merge(Take(present), wanted, field, isDeletion: false);
        }

        original[name] = PatchedLists.Arrange(merged.AsArray(), order, present ?? [], field?.PatchMergeKey);
    }

    private static JsonArray Take(JsonArray list) => list.DeepClone().AsArray();

    private static string ListName(string key, string directive, string complaint) =>
        key.Length > directive.Length + 1 && key[directive.Length] == '/' ? key[(directive.Length + 1)..] : throw ApiErrors.BadRequest(complaint);

    private static ApiStatusException BadRetainKeys() => ApiErrors.BadRequest("invalid patch format of retainKeys");

    /// <summary>A patch that the server cannot carry out, for which it has no better answer than 500.</summary>
    internal static ApiStatusException Failed(string message) => new(500, "", message);
}
