using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Patching;

/// <summary>
/// JSON Patch (RFC 6902), with what the API server's implementation adds: negative indices count from the end. All operations apply, or none;
/// why one failed the server does not say.
/// </summary>
internal static class JsonPatch
{
    private const int MaxOperations = 10_000;
    private static readonly string[] TextFields = ["op", "path", "from"];

    public static JsonObject Apply(JsonObject target, JsonNode? patch)
    {
        var operations = Decode(patch);
        if (operations.Count > MaxOperations)
        {
            throw new ApiStatusException(413, "RequestEntityTooLarge", $"The allowed maximum operations in a JSON patch is {MaxOperations}, got {operations.Count}");
        }

        var document = target.DeepClone().AsObject();
        foreach (var operation in operations)
        {
            if (operation.Text("path") is "" && operation.Text("op") is "add" or "replace")
            {
                document = operation["value"]?.DeepClone() as JsonObject ?? throw Rejected();
                continue;
            }

            Step(document, operation);
        }

        return document;
    }

    private static List<JsonObject> Decode(JsonNode? patch)
    {
        if (patch is not JsonArray list)
        {
            throw ApiErrors.BadRequest($"error decoding patch: {GoErrors.NotAMap(patch).Replace("map[string]interface {}", "[]handlers.jsonPatchOp", StringComparison.Ordinal)}");
        }

        var operations = new List<JsonObject>();
        foreach (var item in list)
        {
            var operation = item as JsonObject
                ?? throw ApiErrors.BadRequest($"error decoding patch: {GoErrors.NotAMap(item).Replace("map[string]interface {}", "handlers.jsonPatchOp", StringComparison.Ordinal)}");
            foreach (var field in TextFields)
            {
                if (operation[field] is { } value && value.GetValueKind() != JsonValueKind.String)
                {
                    var why = GoErrors.NotAMap(value).Replace("Go value of type map[string]interface {}", $"Go struct field jsonPatchOp.{field} of type string", StringComparison.Ordinal);
                    throw ApiErrors.BadRequest($"error decoding patch: {why}");
                }
            }

            operations.Add(operation);
        }

        return operations;
    }

    private static void Step(JsonObject document, JsonObject operation)
    {
        var path = Pointer(operation.Text("path"));
        switch (operation.Text("op"))
        {
            case "add":
                Add(document, path, operation["value"]?.DeepClone());
                break;
            case "remove":
                Remove(document, path);
                break;
            case "replace":
                Replace(document, path, operation["value"]?.DeepClone());
                break;
            case "move":
                var from = Pointer(operation.Text("from"));
                var moved = Find(document, from).Value?.DeepClone();
                Remove(document, from);
                Add(document, path, moved);
                break;
            case "copy":
                // Of what is not there nothing is copied, but it is no failure where its parent is.
                var source = Pointer(operation.Text("from"));
                Add(document, path, Parent(document, source) is JsonObject o ? o[source[^1]]?.DeepClone() : Find(document, source).Value?.DeepClone());
                break;
            case "test":
                Test(document, path, operation);
                break;
            default:
                throw Rejected();
        }
    }

    /// <summary>What is not there equals nothing but null.</summary>
    private static void Test(JsonObject document, List<string> path, JsonObject operation)
    {
        var (found, value) = path.Count == 0 ? (true, document) : TryFind(document, path);
        if (!(found ? JsonNode.DeepEquals(value, operation["value"]) : operation["value"] is null))
        {
            throw Rejected();
        }
    }

    /// <summary>A field that is missing is added, as the API server does it.</summary>
    private static void Replace(JsonObject document, List<string> path, JsonNode? value)
    {
        switch (Parent(document, path))
        {
            case JsonObject o:
                o[path[^1]] = value;
                break;
            case JsonArray a when Index(path[^1], a.Count, a.Count - 1) is { } i:
                a[i] = value;
                break;
            default:
                throw Rejected();
        }
    }

    private static void Add(JsonObject document, List<string> path, JsonNode? value)
    {
        switch (Parent(document, path))
        {
            case JsonObject o:
                o[path[^1]] = value;
                break;
            case JsonArray a when path[^1] == "-":
                a.Add(value);
                break;
            case JsonArray a when Index(path[^1], a.Count + 1, a.Count) is { } i:
                a.Insert(i, value);
                break;
            default:
                throw Rejected();
        }
    }

    private static void Remove(JsonObject document, List<string> path)
    {
        switch (Parent(document, path))
        {
            case JsonObject o when o.Remove(path[^1]):
                break;
            case JsonArray a when Index(path[^1], a.Count, a.Count - 1) is { } i:
                a.RemoveAt(i);
                break;
            default:
                throw Rejected();
        }
    }

    private static List<string> Pointer(string? text) => text is { Length: > 0 } && text[0] == '/'
        ? [.. text[1..].Split('/').Select(s => s.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]
        : text?.Length == 0 ? [] : throw Rejected();

    private static JsonNode? Parent(JsonObject document, List<string> path) =>
        path.Count == 0 ? throw Rejected() : path.Count == 1 ? document : Find(document, path[..^1]).Value;

    private static (bool Found, JsonNode? Value) Find(JsonNode? document, List<string> path) =>
        path.Count > 0 && TryFind(document, path) is { Found: true } found ? found : throw Rejected();

    private static (bool Found, JsonNode? Value) TryFind(JsonNode? document, List<string> path)
    {
        foreach (var step in path)
        {
            switch (document)
            {
                case JsonObject o when o.TryGetPropertyValue(step, out var value):
                    document = value;
                    break;
                case JsonArray a when Index(step, a.Count, a.Count - 1) is { } i:
                    document = a[i];
                    break;
                default:
                    return (false, null);
            }
        }

        return (true, document);
    }

    private static int? Index(string step, int length, int last)
    {
        if (!int.TryParse(step, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
        {
            return null;
        }

        index = index < 0 ? index + length : index;
        return index >= 0 && index <= last ? index : null;
    }

    private static ApiStatusException Rejected() => new(422, "Invalid", "the server rejected our request due to an error in our request", new JsonObject());
}
