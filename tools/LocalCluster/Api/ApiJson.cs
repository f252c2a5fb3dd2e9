using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.Api;

/// <summary>How objects are written: as Go's encoder would, without escapes that JSON does not need.</summary>
public static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The node at a path of property names, or null where any step is missing.</summary>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var step in path)
        {
            node = (node as JsonObject)?[step];
        }

        return node;
    }

    /// <summary>The text at a path; null where it is missing or no text.</summary>
    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The whole number at a path; null where it is missing or none.</summary>
    public static long? Number(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value ? AsNumber(value) : null;

    /// <summary>The truth value at a path; null where it is missing or none.</summary>
    public static bool? Flag(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    /// <summary>The objects of the list at a path; empty where it is missing.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonArray list ? list.OfType<JsonObject>() : [];

    /// <summary>The object under a name, made where it is missing.</summary>
    public static JsonObject Ensure(this JsonObject parent, string name)
    {
        if (parent[name] is JsonObject present)
        {
            return present;
        }

        var made = new JsonObject();
        parent[name] = made;
        return made;
    }

    /// <summary>Sets a field where it is missing or null. Says whether it did.</summary>
    public static bool SetDefault(this JsonObject parent, string name, JsonNode value)
    {
        if (parent[name] is not null)
        {
            return false;
        }

        parent[name] = value;
        return true;
    }

    private static long? AsNumber(JsonValue value)
    {
        if (value.TryGetValue<long>(out var number))
        {
            return number;
        }

        if (value.TryGetValue<int>(out var small))
        {
            return small;
        }

        return value.TryGetValue<double>(out var real) && real == Math.Floor(real) ? (long)real : null;
    }
}
