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
    private const string Directive = "$patch";
    private const string RetainKeys = "$retainKeys";
    private const string ElementOrder = "$setElementOrder/";
    private const string DeleteFromList = "$deleteFromPrimitiveList/";

    public static JsonObject Apply(JsonObject target, JsonObject patch, FieldSchema schema) => MergeObjects(target, patch, schema);

    private static JsonObject MergeObjects(JsonObject target, JsonObject patch, FieldSchema? schema)
    {
        switch (patch.Text(Directive))
        {
            case "replace":
                return Clean(patch, schema);
            case "delete":
                return [];
            case null or "merge":
                break;
            case var other:
                throw ApiErrors.BadRequest($"unknown patch type: {other}");
        }

        var result = target.DeepClone().AsObject();
        if (patch[RetainKeys] is JsonArray retained)
        {
            var kept = retained.Select(k => (string?)k).ToHashSet();
            foreach (var name in result.Select(p => p.Key).Where(n => !kept.Contains(n)).ToList())
            {
                result.Remove(name);
            }
        }

        foreach (var (name, change) in patch)
        {
            if (name.StartsWith(DeleteFromList, StringComparison.Ordinal))
            {
                DeleteScalars(result, name[DeleteFromList.Length..], change as JsonArray);
            }
        }

        foreach (var (name, change) in patch.Where(p => !p.Key.StartsWith('$')))
        {
            if (change is null)
            {
                result.Remove(name);
                continue;
            }

            var child = schema?.Child(name);
            result[name] = (result[name], change) switch
            {
                (JsonObject present, JsonObject added) => MergeObjects(present, added, child),
                (_, JsonObject added) => Clean(added, child),
                (var present, JsonArray added) => MergeLists(present as JsonArray ?? [], added, child),
                _ => change.DeepClone(),
            };
        }

        foreach (var (name, order) in patch.Where(p => p.Key.StartsWith(ElementOrder, StringComparison.Ordinal)))
        {
            var field = name[ElementOrder.Length..];
            if (result[field] is JsonArray list && order is JsonArray wanted)
            {
                result[field] = Reorder(list, wanted, target[field] as JsonArray ?? [], schema?.Child(field)?.PatchMergeKey);
            }
        }

        return result;
    }

    private static JsonArray MergeLists(JsonArray present, JsonArray patch, FieldSchema? schema)
    {
        if (schema is null or { PatchMergeKey: null, IsSet: false })
        {
            return new JsonArray([.. patch.Select(i => i is JsonObject o ? Clean(o, schema?.Element) : i?.DeepClone())]);
        }

        if (schema.IsSet)
        {
            var union = present.DeepClone().AsArray();
            foreach (var item in patch.Where(i => !present.Any(p => JsonNode.DeepEquals(p, i))))
            {
                union.Add(item?.DeepClone());
            }

            return union;
        }

        var key = schema.PatchMergeKey!;
        var items = patch.Select(i => i as JsonObject ?? throw ApiErrors.BadRequest($"expected objects in a list that is merged by {key}")).ToList();

        // {$patch: replace} alone in the list: the others are the new list.
        if (items.Exists(i => i.Text(Directive) == "replace" && i[key] is null))
        {
            return new JsonArray([.. items.Where(i => i[Directive] is null).Select(i => (JsonNode)Clean(i, schema.Element))]);
        }

        var result = present.DeepClone().AsArray();
        foreach (var item in items)
        {
            var id = item[key] ?? throw ApiErrors.BadRequest($"map: {item.ToJsonString()} does not contain declared merge key: {key}");
            var index = Find(result, key, id);
            if (item.Text(Directive) == "delete")
            {
                while (index >= 0)
                {
                    result.RemoveAt(index);
                    index = Find(result, key, id);
                }
            }
            else if (index >= 0)
            {
                result[index] = MergeObjects(result[index]!.AsObject(), item, schema.Element);
            }
            else
            {
                result.Add(Clean(item, schema.Element));
            }
        }

        return result;
    }

    private static int Find(JsonArray list, string key, JsonNode id)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is JsonObject o && Same(o[key], id))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool Same(JsonNode? a, JsonNode? b) => a?.ToString() == b?.ToString();

    /// <summary>
    /// Puts the items that the patch names into its order; items that only the server has stay before those that they stood before.
    /// </summary>
    private static JsonArray Reorder(JsonArray list, JsonArray order, JsonArray original, string? key)
    {
        JsonNode? Id(JsonNode? item) => key is null ? item : (item as JsonObject)?[key];
        int Position(JsonArray within, JsonNode? item) => within.ToList().FindIndex(o => Same(Id(o) ?? o, Id(item)));

        var named = list.Where(i => Position(order, i) >= 0).OrderBy(i => Position(order, i)).ToList();
        var others = new Queue<JsonNode?>(list.Where(i => Position(order, i) < 0));
        var result = new JsonArray();
        foreach (var item in named)
        {
            var place = Position(original, item);
            while (place >= 0 && others.Count > 0 && Position(original, others.Peek()) is >= 0 and var other && other < place)
            {
                result.Add(others.Dequeue()?.DeepClone());
            }

            result.Add(item?.DeepClone());
        }

        foreach (var item in others)
        {
            result.Add(item?.DeepClone());
        }

        return result;
    }

    private static void DeleteScalars(JsonObject result, string name, JsonArray? values)
    {
        if (result[name] is JsonArray list)
        {
            result[name] = new JsonArray([.. list.Where(i => values?.Any(v => JsonNode.DeepEquals(v, i)) != true).Select(i => i?.DeepClone())]);
        }
    }

    /// <summary>What a patch adds where nothing was: itself, without directives and nulls.</summary>
    private static JsonObject Clean(JsonObject patch, FieldSchema? schema) => MergeObjects([], WithoutDirective(patch), schema);

    private static JsonObject WithoutDirective(JsonObject patch)
    {
        if (patch[Directive] is null && patch[RetainKeys] is null)
        {
            return patch;
        }

        var copy = patch.DeepClone().AsObject();
        copy.Remove(Directive);
        copy.Remove(RetainKeys);
        return copy;
    }
}
