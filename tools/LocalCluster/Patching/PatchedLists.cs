using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Patching;

/// <summary>How strategic merge patch merges lists, and in which order the items stand afterwards.</summary>
internal static class PatchedLists
{
    /// <summary><paramref name="original"/> is given away.</summary>
    public static JsonArray Merge(JsonArray original, JsonArray patch, FieldSchema? schema, bool isDeletion)
    {
        if (!isDeletion && schema is null or { PatchMergeKey: null, PatchMerges: false })
        {
            return patch.DeepClone().AsArray();
        }

        if (original.Count == 0 && patch.Count == 0)
        {
            return original;
        }

        RequireOneType(original, patch);
        if ((original.FirstOrDefault() ?? patch.FirstOrDefault()) is not JsonObject)
        {
            var merged = isDeletion
                ? original.Where(i => !patch.Any(p => JsonNode.DeepEquals(p, i))).ToList()
                : original.Concat(patch).Aggregate(new List<JsonNode?>(), (seen, i) => { if (!seen.Exists(s => JsonNode.DeepEquals(s, i))) { seen.Add(i); } return seen; });
            return isDeletion ? ListOf(merged) : Arrange(ListOf(merged), patch, original, null);
        }

        var key = schema?.PatchMergeKey ?? throw StrategicMergePatch.Failed($"cannot merge lists without merge key for {schema?.Element?.Name}");
        var items = new List<JsonObject>();
        var replaces = false;
        foreach (var item in patch.Select(i => i!.AsObject()))
        {
            replaces |= Direct(original, item, key, items);
        }

        if (replaces)
        {
            return ListOf(items);
        }

        var serverOrder = original.DeepClone().AsArray();

        foreach (var item in items)
        {
            if (!item.TryGetPropertyValue(key, out var id))
            {
                throw NoMergeKey(item, key);
            }

            var index = Find(original, key, id);
            if (index >= 0)
            {
                original[index] = StrategicMergePatch.MergeObjects(original[index]!.DeepClone().AsObject(), item.DeepClone().AsObject(), schema.Element);
            }
            else
            {
                original.Add(item.DeepClone());
            }
        }

        return Arrange(original, ListOf(items), serverOrder, key);
    }

    /// <summary>
    /// Puts the items that the patch names into its order; the others keep theirs, each before those named that it stood before.
    /// </summary>
    public static JsonArray Arrange(JsonArray list, JsonArray order, JsonArray serverOrder, string? key)
    {
        var named = new Queue<JsonNode?>(list.Where(i => Index(order, i, key) >= 0).OrderBy(i => Index(order, i, key)).ToList());
        var others = new Queue<JsonNode?>(list.Where(i => Index(order, i, key) < 0)
            .OrderBy(i => Index(serverOrder, i, key) is >= 0 and var place ? place : int.MaxValue).ToList());
        var result = new JsonArray();
        while (named.Count + others.Count > 0)
        {
            if (others.Count > 0 && (named.Count == 0 || StandsBefore(others.Peek(), named.Peek())))
            {
                result.Add(others.Dequeue()?.DeepClone());
            }
            else
            {
                result.Add(named.Dequeue()?.DeepClone());
            }
        }

        return result;

        bool StandsBefore(JsonNode? left, JsonNode? right) =>
            (Index(serverOrder, left, key), Index(serverOrder, right, key)) is ( >= 0 and var l, >= 0 and var r) && l < r;
    }

    /// <summary>The items of a patch must stand in the order that the patch gives.</summary>
    public static void CheckOrder(JsonArray patch, JsonArray order, string? key)
    {
        if (patch.Count == 0 || order.Count == 0)
        {
            return;
        }

        var next = 0;
        foreach (var item in patch.Where(i => i is not JsonObject o || !o.ContainsKey(PatchDirectives.Marker)))
        {
            while (next < order.Count && !SameItem(item, order[next], key))
            {
                next++;
            }

            if (next++ >= order.Count)
            {
                throw StrategicMergePatch.Failed($"The order in patch list:\n{GoErrors.Plain(patch)}\n doesn't match $setElementOrder list:\n{GoErrors.Plain(order)}\n");
            }
        }
    }

    /// <summary>Carries out what an item of a patch directs, or keeps it to be merged. Whether it directs to replace the list.</summary>
    private static bool Direct(JsonArray original, JsonObject item, string key, List<JsonObject> items)
    {
        if (!item.TryGetPropertyValue(PatchDirectives.Marker, out var directive))
        {
            items.Add(item);
            return false;
        }

        switch (PatchDirectives.Of(directive))
        {
            case PatchDirectives.Delete:
                if (!item.TryGetPropertyValue(key, out var id))
                {
                    throw NoMergeKey(item, key);
                }

                for (var index = Find(original, key, id); index >= 0; index = Find(original, key, id))
                {
                    original.RemoveAt(index);
                }

                return false;
            case PatchDirectives.Replace:
                return true;
            case PatchDirectives.Merge:
                throw StrategicMergePatch.Failed("merging lists cannot yet be specified in the patch");
            default:
                throw PatchDirectives.Unknown(directive, item);
        }
    }

    private static void RequireOneType(JsonArray original, JsonArray patch)
    {
        var all = original.Concat(patch).ToList();
        if (all[0] is JsonArray)
        {
            throw new ApiStatusException(422, "Invalid", "the server rejected our request due to an error in our request", new JsonObject());
        }

        if (all.Exists(i => TypeOf(i) != TypeOf(all[0])))
        {
            throw StrategicMergePatch.Failed($"list element types are not identical: [{GoErrors.Plain(original)} {GoErrors.Plain(patch)}]");
        }
    }

    private static JsonValueKind TypeOf(JsonNode? item) => item?.GetValueKind() switch
    {
        null => JsonValueKind.Null,
        JsonValueKind.False => JsonValueKind.True,
        var kind => kind.Value,
    };

    private static ApiStatusException NoMergeKey(JsonObject item, string key) =>
        StrategicMergePatch.Failed($"map: {GoErrors.Plain(item)} does not contain declared merge key: {key}");

    private static int Find(JsonArray list, string key, JsonNode? id)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is JsonObject o && o.TryGetPropertyValue(key, out var own) && JsonNode.DeepEquals(own, id))
            {
                return i;
            }
        }

        return -1;
    }

    private static int Index(JsonArray list, JsonNode? item, string? key)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (SameItem(list[i], item, key))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool SameItem(JsonNode? left, JsonNode? right, string? key) => key is null
        ? JsonNode.DeepEquals(left, right)
        : left is JsonObject l && right is JsonObject r && l[key] is not null && JsonNode.DeepEquals(l[key], r[key]);

    private static JsonArray ListOf(IEnumerable<JsonNode?> items) => new([.. items.Select(i => i?.DeepClone())]);
}
