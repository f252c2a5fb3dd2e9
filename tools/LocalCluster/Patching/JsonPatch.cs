using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Patching;

/// <summary>JSON Patch (RFC 6902). All operations apply, or none.</summary>
internal static class JsonPatch
{
    private const int MaxOperations = 10_000;

    public static JsonObject Apply(JsonObject target, JsonArray operations)
    {
        if (operations.Count > MaxOperations)
        {
            throw new ApiStatusException(413, "RequestEntityTooLarge", $"The allowed maximum operations in a JSON patch is {MaxOperations}, got {operations.Count}");
        }

        JsonNode? document = target.DeepClone();
        foreach (var operation in operations)
        {
            document = Step(document, operation as JsonObject ?? throw ApiErrors.BadRequest("a JSON patch is a list of objects"));
        }

        return document as JsonObject ?? throw Rejected("the result is not an object");
    }

    private static JsonNode? Step(JsonNode? document, JsonObject operation)
    {
        var path = Pointer(operation.Text("path") ?? throw ApiErrors.BadRequest("a JSON patch operation has no path"));
        switch (operation.Text("op"))
        {
            case "add":
                return Add(document, path, operation["value"]?.DeepClone());
            case "remove":
                return Remove(document, path, out _);
            case "replace":
                _ = Find(document, path);
                return path.Count == 0 ? operation["value"]?.DeepClone() : Add(Remove(document, path, out _), path, operation["value"]?.DeepClone());
            case "move":
                document = Remove(document, From(operation), out var moved);
                return Add(document, path, moved);
            case "copy":
                return Add(document, path, Find(document, From(operation))?.DeepClone());
            case "test":
                return JsonNode.DeepEquals(Find(document, path), operation["value"])
                    ? document
                    : throw Rejected($"testing value {operation.Text("path")} failed: test failed");
            default:
                throw ApiErrors.BadRequest($"unknown operation '{operation["op"]}' in a JSON patch");
        }
    }

    private static List<string> From(JsonObject operation) => Pointer(operation.Text("from") ?? throw ApiErrors.BadRequest("a JSON patch operation has no from"));

    private static List<string> Pointer(string text)
    {
        if (text.Length == 0)
        {
            return [];
        }

        return text[0] == '/'
            ? [.. text[1..].Split('/').Select(s => s.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]
            : throw ApiErrors.BadRequest($"JSON pointer '{text}' must start with '/'");
    }

    private static JsonNode? Find(JsonNode? document, List<string> path)
    {
        foreach (var step in path)
        {
            document = document switch
            {
                JsonObject o when o.ContainsKey(step) => o[step],
                JsonArray a when Index(step, a.Count - 1) is { } i => a[i],
                _ => throw Missing(path),
            };
        }

        return document;
    }

    private static JsonNode? Add(JsonNode? document, List<string> path, JsonNode? value)
    {
        if (path.Count == 0)
        {
            return value;
        }

        switch (Find(document, [.. path.SkipLast(1)]))
        {
            case JsonObject o:
                o[path[^1]] = value;
                break;
            case JsonArray a when path[^1] == "-":
                a.Add(value);
                break;
            case JsonArray a when Index(path[^1], a.Count) is { } i:
                a.Insert(i, value);
                break;
            default:
                throw Missing(path);
        }

        return document;
    }

    private static JsonNode? Remove(JsonNode? document, List<string> path, out JsonNode? removed)
    {
        removed = Find(document, path)?.DeepClone();
        if (path.Count == 0)
        {
            return null;
        }

        switch (Find(document, [.. path.SkipLast(1)]))
        {
            case JsonObject o:
                o.Remove(path[^1]);
                break;
            case JsonArray a:
                a.RemoveAt(Index(path[^1], a.Count - 1)!.Value);
                break;
        }

        return document;
    }

    private static int? Index(string step, int last) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= last ? index : null;

    private static ApiStatusException Missing(List<string> path) =>
        Rejected($"the path /{string.Join('/', path)} does not exist");

    private static ApiStatusException Rejected(string why) =>
        new(422, "Invalid", $"the server rejected our request due to an error in our request: {why}", new JsonObject());
}
