using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>Which fields a value has: its leaves, entries of maps and items of lists. Named fields that only lead to others are not among them.</summary>
internal static class FieldsOf
{
    public static FieldSet Value(JsonNode? value, FieldSchema schema)
    {
        var set = new FieldSet();
        Visit(value, schema, [], set);
        return set;
    }

    private static void Visit(JsonNode? value, FieldSchema schema, List<PathElement> path, FieldSet set)
    {
        if (schema.IsScalar || schema.Atomic)
        {
            set.Include([.. path]);
        }
        else if (value is JsonObject fields)
        {
            Fields(fields, schema, path, set);
        }
        else if (value is JsonArray items && schema.Kind == FieldKind.List)
        {
            Items(items, schema, path, set);
        }
    }

    private static void Fields(JsonObject fields, FieldSchema schema, List<PathElement> path, FieldSet set)
    {
        foreach (var (name, child) in fields)
        {
            if (schema.Child(name) is not { } childSchema)
            {
                continue;
            }

            path.Add(PathElement.Field(name));
            Visit(child, childSchema, path, set);
            if (child is null or JsonObject { Count: 0 } || schema.Kind == FieldKind.Map)
            {
                set.Include([.. path]);
            }

            path.RemoveAt(path.Count - 1);
        }
    }

    /// <summary>Items that stand in the list twice are owned as a whole, all together.</summary>
    private static void Items(JsonArray items, FieldSchema schema, List<PathElement> path, FieldSet set)
    {
        foreach (var same in items.Select(item => (Item: item, Element: ListItems.ElementOf(item, schema))).GroupBy(i => i.Element))
        {
            path.Add(same.Key);
            if (same.Count() == 1)
            {
                Visit(same.First().Item, schema.Element!, path, set);
            }

            set.Include([.. path]);
            path.RemoveAt(path.Count - 1);
        }
    }
}
