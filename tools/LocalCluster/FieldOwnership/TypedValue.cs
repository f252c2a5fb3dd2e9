using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>
/// The operations of structured merge and diff on a value with a schema: which fields it has, what taking fields away leaves, and what
/// merging a configuration into it gives. (https://github.com/kubernetes-sigs/structured-merge-diff describes the rules.)
/// </summary>
internal static class TypedValue
{
    /// <summary>Refuses what merge could not place: fields that the schema does not have, list items without keys or twice.</summary>
    public static void Check(JsonNode? value, FieldSchema schema, string path = "")
    {
        switch (value)
        {
            case JsonObject fields when schema.Kind is FieldKind.Struct or FieldKind.Map:
                foreach (var (name, child) in fields)
                {
                    var childSchema = schema.Child(name) ?? throw new OwnershipException($"{path}.{name}: field not declared in schema");
                    Check(child, childSchema, $"{path}.{name}");
                }

                break;
            case JsonArray items when schema.Kind == FieldKind.List:
                if (schema.Atomic)
                {
                    break;
                }

                var seen = new HashSet<string>();
                foreach (var item in items)
                {
                    var element = PathElements.Item(item, schema, path);
                    if (!seen.Add(element))
                    {
                        throw new OwnershipException($"{path}: duplicate entries for key {PathElements.Show(element)}");
                    }

                    Check(item, schema.Element!, path + PathElements.Show(element));
                }

                break;
            case null:
                break;
            case JsonObject or JsonArray when schema.Kind != FieldKind.Any:
                throw new OwnershipException($"{path}: expected {schema.Kind.ToString().ToLowerInvariant()}, got {(value is JsonArray ? "list" : "map")}");
            case JsonValue when !schema.IsScalar:
                throw new OwnershipException($"{path}: expected {(schema.Kind == FieldKind.List ? "list" : "map")}, got &{{{value.ToJsonString()}}}");
        }
    }

    /// <summary>The fields that an applied configuration owns: its leaves, entries of maps and items of lists.</summary>
    public static FieldSet Fields(JsonNode? value, FieldSchema schema)
    {
        if (value is null || schema.IsScalar || schema.Atomic)
        {
            return new FieldSet(isMember: true);
        }

        var set = new FieldSet();
        if (value is JsonObject fields)
        {
            foreach (var (name, child) in fields)
            {
                if (schema.Child(name) is not { } childSchema)
                {
                    continue;
                }

                var childSet = Fields(child, childSchema);
                var isLeaf = child is null or JsonObject { Count: 0 } || schema.Kind == FieldKind.Map;
                set.Add(PathElements.Field(name), isLeaf ? childSet.Union(new FieldSet(isMember: true)) : childSet);
            }
        }
        else if (value is JsonArray items)
        {
            foreach (var item in items)
            {
                set.Add(PathElements.Item(item, schema, ""), Fields(item, schema.Element!).Union(new FieldSet(isMember: true)));
            }
        }

        return set;
    }

    /// <summary>The value without the fields in <paramref name="remove"/>; null where nothing is left of it.</summary>
    public static JsonNode? Remove(JsonNode? value, FieldSet remove, FieldSchema schema)
    {
        if (value is null || schema.IsScalar)
        {
            return value?.DeepClone();
        }

        if (schema.Atomic)
        {
            return null;
        }

        if (value is JsonObject fields)
        {
            var kept = new JsonObject();
            foreach (var (name, child) in fields)
            {
                var below = remove.Below(PathElements.Field(name));
                if (!below.IsMember)
                {
                    kept[name] = below.Children.Count == 0 || schema.Child(name) is not { } childSchema ? child?.DeepClone() : Remove(child, below, childSchema);
                }
            }

            return kept.Count == 0 ? null : kept;
        }

        var left = new JsonArray();
        foreach (var item in value.AsArray())
        {
            var below = remove.Below(PathElements.Item(item, schema, ""));
            if (!below.IsMember)
            {
                left.Add(below.Children.Count == 0 ? item?.DeepClone() : Remove(item, below, schema.Element!));
            }
        }

        return left.Count == 0 ? null : left;
    }

    /// <summary>
    /// The live value with a configuration laid over it: scalars and atomic values are replaced, everything else is merged.
    /// </summary>
    public static JsonNode? Merge(JsonNode? live, JsonNode? config, FieldSchema schema)
    {
        if (schema.IsScalar || schema.Atomic || live is null || config is null || live.GetType() != config.GetType())
        {
            return config?.DeepClone();
        }

        if (live is JsonObject liveFields)
        {
            var merged = liveFields.DeepClone().AsObject();
            foreach (var (name, value) in config.AsObject())
            {
                merged[name] = schema.Child(name) is { } child && liveFields[name] is { } present ? Merge(present, value, child) : value?.DeepClone();
            }

            return merged;
        }

        return MergeLists(live.AsArray(), config.AsArray(), schema);
    }

    /// <summary>
    /// Items of the configuration keep their order; items that only the live list has keep their place before the shared item that
    /// follows them.
    /// </summary>
    private static JsonArray MergeLists(JsonArray live, JsonArray config, FieldSchema schema)
    {
        var liveItems = live.Select(item => (Element: PathElements.Item(item, schema, ""), Item: item)).ToList();
        var liveByElement = new Dictionary<string, JsonNode?>();
        foreach (var (element, item) in liveItems)
        {
            liveByElement.TryAdd(element, item);
        }

        var configElements = config.Select(item => PathElements.Item(item, schema, "")).ToList();
        var applied = configElements.ToHashSet();
        var merged = new JsonArray();
        var position = 0;
        for (var i = 0; i < config.Count; i++)
        {
            var element = configElements[i];
            if (!liveByElement.TryGetValue(element, out var present))
            {
                // New: it comes after the live-only items only when nothing shared follows that would keep them in place.
                if (!configElements.Skip(i + 1).Any(liveByElement.ContainsKey))
                {
                    TakeLiveOnly(until: null);
                }

                merged.Add(config[i]?.DeepClone());
                continue;
            }

            TakeLiveOnly(until: element);
            merged.Add(Merge(present, config[i], schema.Element!));
        }

        TakeLiveOnly(until: null);
        return merged;

        void TakeLiveOnly(string? until)
        {
            // A shared item that stands before the present position was moved by the configuration: nothing to take for it.
            var end = until is null ? liveItems.Count : liveItems.FindIndex(position, p => p.Element == until);
            for (; position < end; position++)
            {
                if (!applied.Contains(liveItems[position].Element))
                {
                    merged.Add(liveItems[position].Item?.DeepClone());
                }
            }
        }
    }
}
