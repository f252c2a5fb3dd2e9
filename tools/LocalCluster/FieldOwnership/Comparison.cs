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

    /// <summary>What the new value sets.</summary>
    public FieldSet Changed => Added.Union(Modified);

    public static Comparison Of(JsonNode? before, JsonNode? after, FieldSchema schema)
    {
        var result = new Comparison(new FieldSet(), new FieldSet(), new FieldSet());
        result.Compare(Slot.Of(before), Slot.Of(after), schema, []);
        return result;
    }

    /// <summary>Leaves out branches that do not count, such as status where the spec is written.</summary>
    public Comparison Without(FieldSet branches) =>
        new(Added.WithoutBranches(branches), Removed.WithoutBranches(branches), Modified.WithoutBranches(branches));

    private void Compare(Slot before, Slot after, FieldSchema schema, List<PathElement> path)
    {
        var isLeaf = schema.IsScalar || schema.Atomic || (before.IsBare && after.IsBare);
        if (!isLeaf && schema.Kind == FieldKind.List)
        {
            Lists(before.Value as JsonArray ?? [], after.Value as JsonArray ?? [], schema, path);
        }
        else if (!isLeaf)
        {
            Objects(before.Value as JsonObject, after.Value as JsonObject, schema, path);
        }

        if (!before.Present || !after.Present)
        {
            (before.Present ? Removed : Added).Include([.. path]);
        }
        else if (isLeaf && !JsonNode.DeepEquals(before.Value, after.Value))
        {
            Modified.Include([.. path]);
        }
    }

    private void Objects(JsonObject? before, JsonObject? after, FieldSchema schema, List<PathElement> path)
    {
        foreach (var name in (before?.Select(p => p.Key) ?? []).Union(after?.Select(p => p.Key) ?? []))
        {
            if (schema.Child(name) is { } child)
            {
                Descend(PathElement.Field(name), Slot.Of(before, name), Slot.Of(after, name), child, path);
            }
        }
    }

    private void Lists(JsonArray before, JsonArray after, FieldSchema schema, List<PathElement> path)
    {
        var old = Index(before, schema);
        var now = Index(after, schema);
        foreach (var element in old.Keys.Union(now.Keys))
        {
            var left = old.GetValueOrDefault(element, []);
            var right = now.GetValueOrDefault(element, []);
            if (left.Count <= 1 && right.Count <= 1)
            {
                Descend(element, First(left), First(right), schema.Element!, path);
                continue;
            }

            // Items that stand in a list twice are compared as one atomic item.
            var target = left.Count >= 2 && right.Count >= 2 ? Modified : left.Count >= 2 ? Removed : Added;
            if (target != Modified)
            {
                var (single, wasBefore) = left.Count >= 2 ? (First(right), false) : (First(left), true);
                if (single.Present)
                {
                    Descend(element, wasBefore ? single : Slot.Absent, wasBefore ? Slot.Absent : single, schema.Element!, path);
                }
            }

            if (target != Modified || !left.Zip(right).All(p => JsonNode.DeepEquals(p.First, p.Second)) || left.Count != right.Count)
            {
                target.Include([.. path, element]);
            }
        }
    }

    private void Descend(PathElement element, Slot before, Slot after, FieldSchema schema, List<PathElement> path)
    {
        path.Add(element);
        Compare(before, after, schema, path);
        path.RemoveAt(path.Count - 1);
    }

    private static Slot First(List<JsonNode?> items) => items.Count == 0 ? Slot.Absent : Slot.Of(items[0]);

    private static OrderedDictionary<PathElement, List<JsonNode?>> Index(JsonArray items, FieldSchema schema)
    {
        var index = new OrderedDictionary<PathElement, List<JsonNode?>>();
        foreach (var item in items)
        {
            var element = ListItems.ElementOf(item, schema);
            if (!index.TryGetValue(element, out var same))
            {
                index[element] = same = [];
            }

            same.Add(item);
        }

        return index;
    }
}
