using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Faults;

/// <summary>The fields of a request to the side endpoint, each read once; what nobody read is a mistake.</summary>
internal sealed class FaultBody(JsonObject fields)
{
    private static readonly string[] KnownVerbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

    private readonly HashSet<string> _read = [];

    public static async Task<FaultBody> ReadAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        if (text.Length == 0)
        {
            return new FaultBody([]);
        }

        if (request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw new FaultException(415, "The body must be JSON: Content-Type: application/json.");
        }

        try
        {
            return new FaultBody(JsonNode.Parse(text) as JsonObject ?? throw new FaultException(400, "The body must be a JSON object."));
        }
        catch (JsonException e)
        {
            throw new FaultException(400, $"The body is not JSON: {e.Message}");
        }
    }

    public string? Text(string name) => Value(name) is not { } value
        ? null
        : value.GetValueKind() == JsonValueKind.String ? (string)value! : throw Wrong(name, "a text");

    public string RequiredText(string name) => Text(name) is { Length: > 0 } text ? text : throw new FaultException(400, $"{name} is missing.");

    public double? Number(string name, double least, double most = double.MaxValue)
    {
        if (Value(name) is not { } value)
        {
            return null;
        }

        var number = value.GetValueKind() == JsonValueKind.Number ? value.GetValue<JsonElement>().GetDouble() : throw Wrong(name, "a number");
        return number >= least && number <= most
            ? number
            : throw new FaultException(400, most == double.MaxValue ? $"{name} must be at least {least}." : $"{name} must be from {least} to {most}.");
    }

    public int? Whole(string name, int least) => Number(name, least, int.MaxValue) is not { } number
        ? null
        : number == Math.Floor(number) ? (int)number : throw Wrong(name, "a whole number");

    public bool Flag(string name) => Value(name) is { } value
        && value.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Wrong(name, "true or false"),
        };

    public IReadOnlyList<string> Texts(string name)
    {
        if (Value(name) is not { } value)
        {
            return [];
        }

        return value is JsonArray list && list.All(i => i?.GetValueKind() == JsonValueKind.String)
            ? [.. list.Select(i => (string)i!)]
            : throw Wrong(name, "a list of texts");
    }

    public FaultMatch Match()
    {
        var match = new FaultMatch { Verbs = Texts("verbs"), Resources = Texts("resources"), Namespaces = Texts("namespaces"), UserAgents = Texts("userAgents") };
        if (match.Verbs.FirstOrDefault(v => !KnownVerbs.Contains(v)) is { } verb)
        {
            throw new FaultException(400, $"verbs: there is no verb \"{verb}\"; there are {string.Join(", ", KnownVerbs)}.");
        }

        if (match.Resources.FirstOrDefault(r => !IsKnown(r)) is { } resource)
        {
            throw new FaultException(400, $"resources: this cluster has no resource \"{resource}\"; a resource is named as in rules of RBAC (pods, pods/exec, deployments.apps).");
        }

        return match;
    }

    /// <summary>Refuses a body with fields that mean nothing, which would otherwise be typing mistakes without effect.</summary>
    public void RequireAllRead()
    {
        if (fields.Select(f => f.Key).FirstOrDefault(f => !_read.Contains(f)) is { } unknown)
        {
            throw new FaultException(400, $"There is no field \"{unknown}\" here; there are: {string.Join(", ", _read)}.");
        }
    }

    private static bool IsKnown(string resource)
    {
        var group = resource.Contains('.', StringComparison.Ordinal) ? resource[(resource.IndexOf('.', StringComparison.Ordinal) + 1)..] : null;
        var parts = (group is null ? resource : resource[..^(group.Length + 1)]).Split('/');
        return ResourceTypes.All.Any(t =>
            t.Plural == parts[0] && (group is null || t.Group == group) && (parts.Length == 1 || (parts.Length == 2 && t.Subresources.Contains(parts[1]))));
    }

    private JsonNode? Value(string name)
    {
        _read.Add(name);
        return fields[name];
    }

    private static FaultException Wrong(string name, string expected) => new(400, $"{name} must be {expected}.");
}
