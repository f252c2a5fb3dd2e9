using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>Takes fields out of a value.</summary>
internal static class Removing
{
    /// <summary>
    /// The value without the fields of a set; null where nothing is left. What is left empty because something in it was taken stays, empty.
    /// </summary>
    public static JsonNode? From(JsonNode? value, FieldSet remove, FieldSchema schema)
    {
        if (value is JsonObject fields)
        {
            return schema.Atomic ? null : FromObject(fields, remove, schema);
        }

        if (value is JsonArray items)
        {
            return schema.Atomic ? null : FromList(items, remove, schema);
        }

        return value?.DeepClone();
    }

    private static JsonObject? FromObject(JsonObject fields, FieldSet remove, FieldSchema schema)
    {
        var kept = new JsonObject();
        var touched = false;
        foreach (var (name, child) in fields)
        {
            var below = remove.Below(PathElement.Field(name));
            if (!below.IsMember)
            {
                kept[name] = Descend(child, below, schema.Child(name), ref touched);
            }
        }

        return kept.Count > 0 || touched ? kept : null;
    }

    private static JsonArray? FromList(JsonArray items, FieldSet remove, FieldSchema schema)
    {
        var kept = new JsonArray();
        var touched = false;
        foreach (var item in items)
        {
            var below = remove.Below(ListItems.ElementOf(item, schema));
            if (!below.IsMember)
            {
                kept.Add(Descend(item, below, schema.Element, ref touched));
            }
        }

        return kept.Count > 0 || touched ? kept : null;
    }

    private static JsonNode? Descend(JsonNode? child, FieldSet below, FieldSchema? schema, ref bool touched)
    {
        if (!below.HasChildren || schema is null)
        {
            return child?.DeepClone();
        }

        touched = true;
        return From(child, below, schema) ?? child switch
        {
            JsonObject => new JsonObject(),
            JsonArray => new JsonArray(),
            _ => null,
        };
    }
}
