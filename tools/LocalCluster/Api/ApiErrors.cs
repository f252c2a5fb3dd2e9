using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.Api;

/// <summary>The API server's refusals, in its own words.</summary>
public static class ApiErrors
{
    public static ApiStatusException NotFound(ResourceType type, string name) =>
        new(404, "NotFound", $"{type.QualifiedName} \"{name}\" not found", Details(type, name));

    public static ApiStatusException NoSuchPath() =>
        new(404, "NotFound", "the server could not find the requested resource", new JsonObject());

    public static ApiStatusException AlreadyExists(ResourceType type, string name) =>
        new(409, "AlreadyExists", $"{type.QualifiedName} \"{name}\" already exists", Details(type, name));

    public static ApiStatusException Conflict(ResourceType type, string name, string why, string? resource = null)
    {
        var plural = resource ?? type.Plural;
        var details = Details(type, name);
        details["kind"] = plural;
        var qualified = type.Group.Length == 0 ? plural : $"{plural}.{type.Group}";
        return new ApiStatusException(409, "Conflict", $"Operation cannot be fulfilled on {qualified} \"{name}\": {why}", details);
    }

    public static ApiStatusException Modified(ResourceType type, string name) =>
        Conflict(type, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiStatusException BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiStatusException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static ApiStatusException Forbidden(ResourceType type, string name, string why, JsonArray? causes = null)
    {
        var details = Details(type, name);
        if (causes is not null)
        {
            details["causes"] = causes;
        }

        var subject = name.Length == 0 ? $"{type.QualifiedName} is forbidden" : $"{type.QualifiedName} \"{name}\" is forbidden";
        return new ApiStatusException(403, "Forbidden", $"{subject}: {why}", details);
    }

    public static ApiStatusException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", new JsonObject());

    public static ApiStatusException Expired(string message) => new(410, "Expired", message);

    /// <summary>For a version that is yet to come.</summary>
    public static ApiStatusException TooLargeVersion(long wanted, long current) => new(
        504, "Timeout", $"Timeout: Too large resource version: {wanted}, current: {current}", new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" }),
            ["retryAfterSeconds"] = 1,
        });

    public static ApiStatusException UnsupportedMediaType(string message) => new(415, "UnsupportedMediaType", message);

    public static ApiStatusException TooManyRequests(string message, int retryAfterSeconds, JsonArray? causes = null)
    {
        var details = new JsonObject();
        if (causes is not null)
        {
            details["causes"] = causes;
        }

        details["retryAfterSeconds"] = retryAfterSeconds;
        return new ApiStatusException(429, "TooManyRequests", message, details);
    }

    public static ApiStatusException Internal(string message) => new(500, "InternalError", $"Internal error occurred: {message}");

    /// <summary>For what Kubernetes does and this cluster does not: named, so that nobody takes silence for success.</summary>
    public static ApiStatusException NotImplemented(string what) =>
        new(501, "NotImplemented", $"LocalCluster does not implement {what}. Its README lists what it does not do.");

    /// <summary>422 with every wrong field as a cause.</summary>
    public static ApiStatusException Invalid(ResourceType type, string name, IReadOnlyList<FieldError> errors) => Invalid(type.Kind, type.Group, name, errors);

    public static ApiStatusException Invalid(string kind, string group, string name, IReadOnlyList<FieldError> errors)
    {
        var details = new JsonObject();
        foreach (var (field, value) in new[] { ("name", name), ("group", group), ("kind", kind) }.Where(d => d.Item2.Length > 0))
        {
            details[field] = value;
        }

        details["causes"] = new JsonArray([.. errors.Select(e => (JsonNode)new JsonObject
        {
            ["reason"] = e.Reason,
            ["message"] = e.Message,
            ["field"] = e.Field,
        })]);
        var texts = errors.Select(e => e.ToString()).Distinct().ToList();
        var text = texts.Count == 1 ? texts[0] : $"[{string.Join(", ", texts)}]";
        return new ApiStatusException(422, "Invalid", $"{(group.Length == 0 ? kind : $"{kind}.{group}")} \"{name}\" is invalid: {text}", details);
    }

    /// <summary>422 for a patch that leads to no object: the patch is shown as the wrong value, and the message names no object.</summary>
    public static ApiStatusException InvalidPatch(string patch, string why) => Invalid("", "", "", [FieldError.Invalid("patch", FieldError.Quote(patch), why)]);

    private static JsonObject Details(ResourceType type, string name)
    {
        var details = new JsonObject();
        if (name.Length > 0)
        {
            details["name"] = name;
        }

        if (type.Group.Length > 0)
        {
            details["group"] = type.Group;
        }

        details["kind"] = type.Plural;
        return details;
    }
}
