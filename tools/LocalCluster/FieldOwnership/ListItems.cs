using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>Tells the items of sets and of lists with keys apart.</summary>
internal static class ListItems
{
    /// <summary>The step that names an item. <see cref="OwnershipException"/>, in the API server's words, where nothing can name it.</summary>
    public static PathElement ElementOf(JsonNode? item, FieldSchema list) => list.Keys.Count == 0 ? SetItem(item) : KeyedItem(item, list);

    private static PathElement SetItem(JsonNode? item) => item switch
    {
        JsonObject => throw new OwnershipException("associative list without keys has an element that's a map type"),
        JsonArray => throw new OwnershipException("not supported: associative list with lists as elements"),
        null => throw new OwnershipException("associative list without keys has an element that's an explicit null"),
        _ => PathElement.Value(item),
    };

    private static PathElement KeyedItem(JsonNode? item, FieldSchema list)
    {
        if (item is not JsonObject fields)
        {
            throw new OwnershipException(item is null
                ? "associative list with keys may not have a null element"
                : "associative list with keys may not have non-map elements");
        }

        var keys = new List<(string, JsonNode?)>();
        foreach (var key in list.Keys)
        {
            if (fields.TryGetPropertyValue(key, out var value))
            {
                keys.Add((key, value));
            }
            else if (list.KeyDefaults.TryGetValue(key, out var fallback))
            {
                keys.Add((key, fallback is long number ? JsonValue.Create(number) : JsonValue.Create((string)fallback)));
            }
        }

        return keys.Count > 0
            ? PathElement.Keys(keys)
            : throw new OwnershipException(
                $"associative list with keys has an element that omits all key fields [{string.Join(" ", list.Keys.Select(k => $"\"{k}\""))}] "
                + "(and doesn't have default values for any key fields)");
    }
}
