using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>
/// Lays a configuration over a live value: scalars and atomic values are replaced, everything else is merged
/// (https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy).
/// </summary>
internal static class Merging
{
    /// <summary>Both must have passed <see cref="TypeCheck"/>, but for items that the live value may have twice.</summary>
    public static JsonNode? Values(JsonNode? live, JsonNode? config, FieldSchema schema) => Merge(Slot.Of(live), Slot.Of(config), schema).Value;

    private static Slot Merge(Slot live, Slot config, FieldSchema schema)
    {
        var chosen = config.Present ? config : live;
        if (schema.IsScalar || schema.Atomic || (live.IsBare && config.IsBare))
        {
            return chosen with { Value = chosen.Value?.DeepClone() };
        }

        return schema.Kind == FieldKind.List
            ? MergeLists(live.Value as JsonArray ?? [], config.Value as JsonArray ?? [], schema)
            : MergeObjects(live.Value as JsonObject, config.Value as JsonObject, schema);
    }

    private static Slot MergeObjects(JsonObject? live, JsonObject? config, FieldSchema schema)
    {
        var merged = new JsonObject();
        foreach (var name in (live?.Select(p => p.Key) ?? []).Union(config?.Select(p => p.Key) ?? []))
        {
            var (before, wanted) = (Slot.Of(live, name), Slot.Of(config, name));
            var result = schema.Child(name) is { } child ? Merge(before, wanted, child) : wanted.Present ? wanted : before;
            if (result.Present)
            {
                merged[name] = result.Value?.DeepClone();
            }
        }

        return merged.Count > 0 ? Slot.Of(merged) : Slot.Absent;
    }

    /// <summary>
    /// Steps, as structured merge does them: 1. items that both have in the same place are merged there; 2. a live item that the configuration
    /// has elsewhere is passed over until its turn; 3. an item that only the live list has is kept where it is reached; 4. else the
    /// configuration's next item is taken.
    /// </summary>
    private static Slot MergeLists(JsonArray live, JsonArray config, FieldSchema schema)
    {
        var liveElements = live.Select(i => ListItems.ElementOf(i, schema)).ToList();
        var configElements = config.Select(i => ListItems.ElementOf(i, schema)).ToList();

        // An item that the live list has twice is not merged with: which of the two would it be?
        var liveItems = liveElements.Zip(live).GroupBy(p => p.First).ToDictionary(g => g.Key, g => Slot.Of(g.Count() == 1 ? g.First().Second : null));
        var configItems = configElements.Zip(config).ToDictionary(p => p.First, p => Slot.Of(p.Second));
        var shared = new Queue<PathElement>(configElements.Where(liveItems.ContainsKey));
        var nextShared = Next(shared);
        var done = new HashSet<PathElement>();
        var merged = new JsonArray();
        var (l, c) = (0, 0);
        while (l < live.Count || c < config.Count)
        {
            if (l < live.Count && c < config.Count)
            {
                var element = liveElements[l];
                if (element.Equals(configElements[c]))
                {
                    // 1.
                    done.Add(element);
                    Take(Merge(liveItems[element], configItems[element], schema.Element!));
                    l++;
                    c++;
                    nextShared = Next(shared);
                    continue;
                }

                if (configItems.ContainsKey(element) && nextShared is not null && !nextShared.Equals(element))
                {
                    // 2.
                    l++;
                    continue;
                }
            }

            if (l < live.Count)
            {
                var element = liveElements[l];
                if (!configItems.ContainsKey(element))
                {
                    // 3.
                    Take(Merge(Slot.Of(live[l]), Slot.Absent, schema.Element!));
                    l++;
                    continue;
                }

                if (done.Contains(element))
                {
                    l++;
                }
            }

            if (c < config.Count)
            {
                // 4.
                var element = configElements[c];
                done.Add(element);
                Take(Merge(liveItems.GetValueOrDefault(element), configItems[element], schema.Element!));
                c++;
                if (element.Equals(nextShared))
                {
                    nextShared = Next(shared);
                }
            }
        }

        return merged.Count > 0 ? Slot.Of(merged) : Slot.Absent;

        void Take(Slot item)
        {
            if (item.Present)
            {
                merged.Add(item.Value?.DeepClone());
            }
        }
    }

    private static PathElement? Next(Queue<PathElement> queue) => queue.TryDequeue(out var next) ? next : null;
}
