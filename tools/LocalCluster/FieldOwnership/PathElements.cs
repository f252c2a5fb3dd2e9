using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>Names the steps of a field path, for managedFields and for people.</summary>
internal static class PathElements
{
    public static string Field(string name) => "f:" + name;

    /// <summary>The element that names an item of a list that is a set or has keys.</summary>
    public static string Item(JsonNode? item, FieldSchema list, string where)
    {
        if (list.IsSet)
        {
            return "v:" + (item?.ToJsonString(ApiJson.Options) ?? "null");
        }

        if (item is not JsonObject fields)
        {
            throw new OwnershipException($"{where}: element of an associative list must be an object");
        }

        var keys = new JsonObject();
        foreach (var key in list.Keys.Order(StringComparer.Ordinal))
        {
            if (fields[key] is { } value)
            {
                keys[key] = value.DeepClone();
            }
            else if (list.KeyDefaults.TryGetValue(key, out var fallback))
            {
                keys[key] = fallback;
            }
        }

        return keys.Count > 0
            ? "k:" + keys.ToJsonString(ApiJson.Options)
            : throw new OwnershipException($"{where}: associative list with keys has an element that omits all key fields [{string.Join(" ", list.Keys)}]");
    }

    /// <summary>A path as conflict messages show it: <c>.spec.containers[name="app"].image</c>.</summary>
    public static string Show(IEnumerable<string> path) => string.Concat(path.Select(Show));

    public static string Show(string element) => element[..2] switch
    {
        "f:" => "." + element[2..],
        "k:" => $"[{string.Join(",", JsonNode.Parse(element[2..])!.AsObject().Select(p => $"{p.Key}={JsonSerializer.Serialize(p.Value, ApiJson.Options)}"))}]",
        "v:" => $"[={element[2..]}]",
        _ => $"[{element[2..]}]",
    };
}
