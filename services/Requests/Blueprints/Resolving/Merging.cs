using Workspaces.Requests.Blueprints.Schema;
using Workspaces.Requests.Blueprints.Source;

namespace Workspaces.Requests.Blueprints.Resolving;

/// <summary>
/// Child over parent: single values replace, maps merge by key, lists append (command-like ones replace), null removes an
/// inherited key. Every value keeps the place where it was written.
/// </summary>
public static class Merging
{
    /// <summary>Keys that say something about one file and are never inherited.</summary>
    private static readonly string[] OwnKeys = ["name", "extends", "abstract", "description"];

    /// <summary>Merges a blueprint over its already merged parent.</summary>
    public static SourceMap Merge(SourceMap parent, SourceMap child) =>
        (SourceMap)Merge(parent with { Entries = [.. parent.Entries.Where(entry => !OwnKeys.Contains(entry.Key))] }, child, BlueprintSchema.Root);

    private static SourceNode Merge(SourceNode parent, SourceNode child, SchemaNode? schema) => (parent, child, schema) switch
    {
        (SourceMap below, SourceMap above, _) => MergeMaps(below, above, schema),
        (SourceList, SourceList, ListSchema { Replaces: true }) => child,
        (SourceList below, SourceList above, _) => above with { Items = [.. below.Items, .. above.Items] },
        _ => child,
    };

    private static SourceMap MergeMaps(SourceMap parent, SourceMap child, SchemaNode? schema)
    {
        var entries = new List<SourceEntry>();
        foreach (var inherited in parent.Entries)
        {
            if (child.Entries.FirstOrDefault(entry => entry.Key == inherited.Key) is not { } own)
            {
                entries.Add(inherited);
            }
            else if (own.Value is not SourceScalar { IsNull: true })
            {
                entries.Add(own with { Value = Merge(inherited.Value, own.Value, SchemaOf(schema, own.Key)) });
            }
        }

        entries.AddRange(child.Entries.Where(own => parent[own.Key] is null));
        return child with { Entries = entries };
    }

    private static SchemaNode? SchemaOf(SchemaNode? schema, string key) => schema switch
    {
        ObjectSchema fields => fields.Fields.GetValueOrDefault(key),
        MapSchema map => map.Value,
        _ => null,
    };

    /// <summary>Takes out what null removed where there was nothing to inherit.</summary>
    public static SourceMap WithoutNulls(SourceMap map) => map with
    {
        Entries =
        [
            .. map.Entries
                .Where(entry => entry.Value is not SourceScalar { IsNull: true, Deferred: false })
                .Select(entry => entry.Value is SourceMap inner ? entry with { Value = WithoutNulls(inner) } : entry),
        ],
    };
}
