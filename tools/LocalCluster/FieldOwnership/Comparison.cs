using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>What changed between two values of one type: paths that came, went, or hold something else.</summary>
internal sealed class Comparison
{
    private Comparison(FieldSet added, FieldSet removed, FieldSet modified) => (Added, Removed, Modified) = (added, removed, modified);

    public FieldSet Added { get; }

    public FieldSet Removed { get; }

    public FieldSet Modified { get; }

    public static Comparison Of(JsonNode? before, JsonNode? after, FieldSchema schema)
    {
        var (added, removed, modified) = (new FieldSet(), new FieldSet(), new FieldSet());
        Compare(before, after, schema, [], added, removed, modified);
        return new Comparison(added, removed, modified);
    }

    /// <summary>Leaves out branches that do not count, such as status where the spec is written.</summary>
    public Comparison Without(FieldSet branches) =>
        new(Added.WithoutBranches(branches), Removed.WithoutBranches(branches), Modified.WithoutBranches(branches));

    private static void Compare(JsonNode? before, JsonNode? after, FieldSchema schema, List<string> path, FieldSet added, FieldSet removed, FieldSet modified)
    {
        var isLeaf = schema.IsScalar || schema.Atomic || (IsBare(before) && IsBare(after));
        if (isLeaf)
        {
            if (before is not null && after is not null && !JsonNode.DeepEquals(before, after))
            {
                modified.Include([.. path]);
            }
        }
        else if (schema.Kind == FieldKind.List)
        {
            var old = Items(before as JsonArray, schema);
            var now = Items(after as JsonArray, schema);
            foreach (var element in old.Keys.Union(now.Keys))
            {
                Descend(element, old.GetValueOrDefault(element), now.GetValueOrDefault(element), schema.Element!);
            }
        }
        else
        {
            var (old, now) = (before as JsonObject, after as JsonObject);
            foreach (var name in (old?.Select(p => p.Key) ?? []).Union(now?.Select(p => p.Key) ?? []))
            {
                if (schema.Child(name) is { } child)
                {
                    Descend(PathElements.Field(name), old?[name], now?[name], child);
                }
            }
        }

        if (path.Count > 0 && before is null != after is null)
        {
            (before is null ? added : removed).Include([.. path]);
        }

        void Descend(string element, JsonNode? oldChild, JsonNode? newChild, FieldSchema childSchema)
        {
            if (oldChild is null && newChild is null)
            {
                return;
            }

            path.Add(element);
            Compare(oldChild, newChild, childSchema, path, added, removed, modified);
            path.RemoveAt(path.Count - 1);
        }
    }

    private static Dictionary<string, JsonNode?> Items(JsonArray? list, FieldSchema schema)
    {
        var items = new Dictionary<string, JsonNode?>();
        foreach (var item in list ?? [])
        {
            items.TryAdd(PathElements.Item(item, schema, ""), item);
        }

        return items;
    }

    private static bool IsBare(JsonNode? value) => value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };
}
